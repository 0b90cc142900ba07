"""A Satori server: satori-python's. The first argument is a JSON object: `port`, `token`, `post` and `secret` (where events
are posted, and what is shown there), `bots` (several accounts), `features`. It also judges elements: `read` and `write`."""

import asyncio
import itertools
import json
import sys
import time

import talk

from satori import element, parser
from satori.const import Api
from satori.exception import ActionFailed
from satori.model import Channel, ChannelType, Event, Guild, Login, Member, MessageObject, PageResult, User
from satori.server import Adapter, PlainTextResponse, Request, Server, WebhookEndpoint

how = json.loads(sys.argv[1])
numbers = itertools.count(1)
queue = asyncio.Queue()
fault = None
BOTS = how.get("bots", ["9000"])


def as_read(content):
    """What stands in a message: its words, and who is called."""
    told = {"text": "", "at": [], "quote": [], "img": []}

    def walk(elements):
        for it in elements:
            if it.type == "text":
                told["text"] += it.attrs["text"]
            elif it.type == "br":
                told["text"] += "\n"
            elif it.type == "at":
                told["at"].append(it.attrs.get("id") or it.attrs.get("type"))
            elif it.type == "img":
                told["img"].append(it.attrs["src"])
            elif it.type == "quote":
                told["quote"].append(it.attrs["id"])
                continue
            walk(it.children)

    walk(parser.parse(content))
    return told


class NotDone(ActionFailed):
    def __init__(self, code):
        super().__init__("不行", "")
        self.CODE = code


class Peer(Adapter):
    def get_platform(self):
        return "qq"

    def ensure(self, platform, self_id):
        return platform == "qq" and self_id in BOTS

    async def handle_internal(self, request, path):
        raise NotImplementedError

    async def get_logins(self):
        return [Login(platform="qq", user=User(id=bot), features=how.get("features", [])) for bot in BOTS]

    @property
    def required(self):
        return set()

    @property
    def stages(self):
        return {"blocking"}

    async def launch(self, manager):
        async with self.stage("blocking"):
            await manager.status.wait_for_sigexit()

    async def publisher(self):
        while True:
            yield await queue.get()


adapter = Peer()
webhooks = [WebhookEndpoint(how["post"], how.get("secret"))] if "post" in how else []
server = Server(port=how["port"], path="/satori", token=how.get("token"), webhooks=webhooks)


def on(api):
    def register(function):
        @talk.or_end
        async def told(request: Request):
            global fault
            headers = {key: value for key, value in request.origin.headers.items() if key.startswith(("satori", "x-"))}
            called = {"action": request.action, "params": request.params, "headers": headers}
            if "content" in request.params:
                called |= as_read(request.params["content"])
            talk.tell(called=called)
            return await function(request)

        async def answered(request):
            global fault
            now, fault = fault, None
            result = await told(request)
            if now == "hang":
                await asyncio.sleep(3600)
            if now == "words":
                return PlainTextResponse("OK")
            if isinstance(now, int):
                raise NotDone(now)
            return result

        adapter.route(api)(answered)
        return function

    return register


@on(Api.MESSAGE_CREATE)
async def _(request):
    return [MessageObject(id=f"said-{next(numbers)}", content=request.params["content"])]


@on(Api.MESSAGE_DELETE)
async def _(request):
    return None


@on(Api.CHANNEL_UPDATE)
async def _(request):
    return None


@on(Api.CHANNEL_LIST)
async def _(request):
    return PageResult([Channel(id="c-voice", type=ChannelType.VOICE), Channel(id=request.params["guild_id"])])


@on(Api.USER_CHANNEL_CREATE)
async def _(request):
    return Channel(id="private:" + request.params["user_id"], type=ChannelType.DIRECT)


@on(Api.GUILD_LIST)
async def _(request):
    return PageResult([Guild(id="3001", name="茶友会")])


@on(Api.GUILD_MEMBER_LIST)
async def _(request):
    if "next" not in request.params:
        return PageResult([Member(user=User(id="7001", name="阿月"), nick="茶王")], "2")
    return PageResult([Member(user=User(id="7002", name="老王"))])


@on(Api.GUILD_MEMBER_KICK)
async def _(request):
    return None


@on(Api.LOGIN_GET)
async def _(request):
    return Login(platform="qq", user=User(id=request.self_id, name="小群"))


async def listening():
    while True:
        try:
            (await asyncio.open_connection("127.0.0.1", how["port"]))[1].close()
            return
        except ConnectionError:
            await asyncio.sleep(0.02)


def written(pieces):
    kinds = {
        "text": lambda it: element.Text(it),
        "at": lambda it: element.At(it),
        "all": lambda it: element.At.all(),
        "img": lambda it: element.Image(src=it),
        "b": lambda it: element.Bold()(it),
    }
    return "".join(str(kinds[kind](value)) for kind, value in pieces)


@talk.or_end
async def obey():
    global fault
    await listening()
    talk.tell(ready=True)
    async for order in talk.orders():
        if "emit" in order:
            login = {"sn": 0, "platform": "qq", "user": {"id": order.get("bot", BOTS[0])}}
            given = {"sn": 0, "timestamp": int(time.time() * 1000), "login": login} | order["emit"]
            if "pieces" in order:
                given["message"]["content"] = written(order["pieces"])
            event = Event.parse(given)
            for _ in range(order.get("times", 1)):
                await queue.put(Event.parse(given))
            talk.tell(emitted=event.dump())
        elif "fault" in order:
            fault = order["fault"]
            talk.tell(minded=True)
        elif "drop" in order:
            for connection in list(server.connections):
                await connection.connection.close()
                await connection.connection_closed()
            talk.tell(dropped=True)
        elif "connections" in order:
            talk.tell(connections=len(server.connections))
        elif "read" in order:
            talk.tell(read=as_read(order["read"]))


async def main():
    server.apply(adapter)
    obeying = asyncio.create_task(obey())
    await asyncio.gather(server.run_async(), obeying)


asyncio.run(main())
