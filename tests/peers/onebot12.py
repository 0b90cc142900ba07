"""A OneBot v12 implementation: pylibob's, with events made by it and read again by nonebot's adapter. The first argument is
a JSON object: `way` (`http` with `port` and perhaps `post`, `ws` with `port`, `reverse` with `url`), `token`, and `bots`
(several accounts)."""

import asyncio
import itertools
import json
import sys
import time

import talk

from nonebot.adapters.onebot.v12 import Adapter as NoneBot
from nonebot.adapters.onebot.v12 import Message as NoneBotMessage
from nonebot.compat import type_validate_python
from pylibob.connection import HTTP, HTTPWebhook
from pylibob.connection_ws import WebSocket, WebSocketReverse
from pylibob import event as events
from pylibob.exception import OneBotImplError
from pylibob.impl import OneBotImpl
from pylibob.runner import ServerRunner
from pylibob.types import Bot

how = json.loads(sys.argv[1])
numbers = itertools.count(1)
token = how.get("token")


def connections():
    if how["way"] == "http":
        yield HTTP(access_token=token, host="127.0.0.1", port=how["port"])
        if "post" in how:
            yield HTTPWebhook(how["post"], access_token=how.get("shows", token), timeout=60000)
    elif how["way"] == "ws":
        yield WebSocket(access_token=token, host="127.0.0.1", port=how["port"])
    else:
        yield WebSocketReverse(how["url"], access_token=token, reconnect_interval=50)


bots = [Bot("wx", name, "") for name in how.get("bots", ["wxid_bot"])]
impl = OneBotImpl("peer", "1.0.0", list(connections()), *bots)


KINDS = {
    "group": events.GroupMessageEvent,
    "private": events.PrivateMessageEvent,
    "group_member_increase": events.GroupMemberIncreaseEvent,
    "group_member_decrease": events.GroupMemberDecreaseEvent,
    "group_message_delete": events.GroupMessageDeleteEvent,
    "friend_increase": events.FriendIncreaseEvent,
}


def as_nonebot_reads(event):
    read = NoneBot.json_to_event(json.loads(json.dumps(event)), "peer")
    if read is None:
        return None
    told = {"name": read.get_event_name()}
    if read.get_type() == "message":
        message = read.get_message()
        told["text"] = message.extract_plain_text()
        told["at"] = [it.data["user_id"] for it in message if it.type == "mention"]
    return told


def heard(action, bot, **params):
    told = {"action": action, "params": params, "bot": bot.user_id}
    if "message" in params:
        message = type_validate_python(NoneBotMessage, params["message"])
        told["text"] = message.extract_plain_text()
        told["at"] = [it.data["user_id"] for it in message if it.type == "mention"]
    talk.tell(called=told)


fault = None


async def failing():
    global fault
    now, fault = fault, None
    if now == "hang":
        await asyncio.sleep(3600)
    if now == "crash":
        raise ValueError("in the middle of it")
    if now is not None:
        raise OneBotImplError(now, None, "不行")


@impl.action("send_message")
async def _(bot: Bot, detail_type: str, message: list, group_id: str = None, user_id: str = None):
    given = {"detail_type": detail_type, "message": message, "group_id": group_id, "user_id": user_id}
    heard("send_message", bot, **{key: value for key, value in given.items() if value is not None})
    await failing()
    return {"message_id": f"said-{next(numbers)}", "time": time.time()}


@impl.action("delete_message")
async def _(bot: Bot, message_id: str):
    heard("delete_message", bot, message_id=message_id)


@impl.action("set_group_name")
async def _(bot: Bot, group_id: str, group_name: str):
    heard("set_group_name", bot, group_id=group_id, group_name=group_name)


@impl.action("get_group_list")
async def _():
    return [{"group_id": "3001@chatroom", "group_name": "茶友会"}]


@impl.action("get_group_member_list")
async def _(group_id: str):
    return [{"user_id": "wxid_yue", "user_name": "阿月", "user_displayname": "茶王"}]


@impl.action("get_self_info")
async def _():
    return {"user_id": "wxid_bot", "user_name": "小群", "user_displayname": ""}


@impl.action("upload_file")
async def _(bot: Bot, type: str, name: str, url: str):
    heard("upload_file", bot, type=type, name=name, url=url)
    return {"file_id": "file-1"}


if how.get("comwechat"):

    @impl.action("wx.delete_groupmember")
    async def _(bot: Bot, group_id: str, user_list: list):
        heard("wx.delete_groupmember", bot, group_id=group_id, user_list=user_list)


async def listening():
    while how["way"] == "reverse" and not impl._get_ws_reverse().ws:
        await asyncio.sleep(0.02)
    while "port" in how:
        try:
            (await asyncio.open_connection("127.0.0.1", how["port"]))[1].close()
            return
        except ConnectionError:
            await asyncio.sleep(0.02)


@talk.or_end
async def obey():
    global fault
    await listening()
    talk.tell(ready=True)
    async for order in talk.orders():
        if "emit" in order:
            given = {"id": f"event-{next(numbers)}", "time": time.time()} | order["emit"]
            kind = KINDS[given["detail_type"]]
            event = kind(**{key: value for key, value in given.items() if key in kind.__struct_fields__})
            event.self = next(bot for bot in bots if bot.user_id == order.get("bot", bots[0].user_id))
            for _ in range(order.get("times", 1)):
                await impl.emit(event)
            talk.tell(emitted={"nonebot": as_nonebot_reads(event.dict()), "time": event.time, "id": event.id})
        elif "connections" in order:
            talk.tell(connections=len(impl.conns[0].ws))
        elif "fault" in order:
            fault = order["fault"]
            talk.tell(minded=True)


async def main():
    obeying = asyncio.create_task(obey())
    await (ServerRunner("127.0.0.1", how["port"]).run() if how["way"] != "reverse" else reverse())
    await obeying


async def reverse():
    await impl._get_ws_reverse().run()


asyncio.run(main())
