"""A OneBot v11 gateway. Its messages are made and read by aiocqhttp, its events are judged by nonebot's adapter, its
connections are aiohttp's. The first argument is a JSON object: `post` and `secret` (where reports are posted),
`listen` (a port for the HTTP API and for WebSockets), `dial` (a WebSocket to open), `token`, `split` (two connections
by role instead of one)."""

import asyncio
import hashlib
import hmac
import json
import sys
import time

import talk

import aiohttp
from aiocqhttp.message import Message, MessageSegment
from aiohttp import web
from nonebot.adapters.onebot.v11 import Adapter as NoneBot
from nonebot.adapters.onebot.v11 import Message as NoneBotMessage
from nonebot.compat import type_validate_python

how = json.loads(sys.argv[1])
SELF = 9000
sockets = []
fault = None
numbers = iter(range(1, 1 << 30))


def as_nonebot_reads(event):
    """What nonebot makes of an event; None if it makes nothing of it."""
    read = NoneBot.json_to_event(json.loads(json.dumps(event)))
    if read is None:
        return None
    told = {"name": read.get_event_name()}
    if read.get_type() == "message":
        message = read.get_message()
        told["text"] = message.extract_plain_text()
        told["at"] = [str(it.data["qq"]) for it in message if it.type == "at"]
    return told


def message_event(order):
    pieces = [MessageSegment(type_=kind, data=data) for kind, data in order["pieces"]]
    message = Message(pieces)
    number = next(numbers)
    event = {
        "time": int(time.time()),
        "self_id": SELF,
        "post_type": "message",
        "message_type": "group" if "group" in order else "private",
        "sub_type": "normal" if "group" in order else "friend",
        "message_id": number,
        "user_id": order["user"],
        "message": str(message) if order.get("as") == "string" else list(message),
        "raw_message": str(message),
        "font": 0,
        "sender": {"user_id": order["user"], "nickname": order.get("name", "阿月"), "role": "member"},
    }
    if "group" in order:
        event["group_id"] = order["group"]
        event["anonymous"] = None
    return event


async def emit(session, event):
    text = json.dumps(event)
    if "post" in how:
        body = text.encode()
        headers = {"Content-Type": "application/json", "X-Self-ID": str(SELF)}
        if "secret" in how:
            headers["X-Signature"] = "sha1=" + hmac.new(how["secret"].encode(), body, hashlib.sha1).hexdigest()
        async with session.post(how["post"], data=body, headers=headers) as answer:
            return {"status": answer.status, "body": await answer.text()}
    for socket in sockets:
        if socket.role != "API":
            await socket.send_str(text)
    return {"sockets": len(sockets)}


def read_call(action, params):
    told = {"action": action, "params": params}
    if "message" in params:
        ours = Message(params["message"])
        theirs = type_validate_python(NoneBotMessage, params["message"])
        told["text"] = ours.extract_plain_text()
        told["nonebot"] = theirs.extract_plain_text()
        told["at"] = [it["data"]["qq"] for it in ours if it["type"] == "at"]
    return told


def answer(action, params):
    data = None
    if action in ("send_group_msg", "send_private_msg"):
        data = {"message_id": 70000 + next(numbers)}
    elif action == "get_login_info":
        data = {"user_id": SELF, "nickname": "小群"}
    elif action == "get_group_list":
        data = [{"group_id": 3001, "group_name": "茶友会", "member_count": 2, "max_member_count": 200}]
    elif action == "get_group_member_list":
        data = [{"group_id": params["group_id"], "user_id": 7001, "nickname": "阿月", "card": "", "role": "owner"}]
    elif action not in ("set_group_name", "set_group_card", "set_group_kick", "delete_msg"):
        return {"status": "failed", "retcode": 1404, "data": None, "wording": "API不存在"}
    return {"status": "ok", "retcode": 0, "data": data}


@talk.or_end
async def api(request):
    global fault
    if request.headers.get("Upgrade", "").lower() == "websocket":
        return await forward(request)
    if "token" in how:
        shown = request.headers.get("Authorization")
        if shown is None:
            return web.Response(status=401)
        if shown != f"Bearer {how['token']}":
            return web.Response(status=403)
    action, params = request.path.strip("/"), await request.json()
    talk.tell(called=read_call(action, params))
    now, fault = fault, None
    if now == "hang":
        await asyncio.sleep(3600)
    if now == "drop":
        request.transport.abort()
    if now == "half":
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b'{"status":')
        request.transport.abort()
        return response
    if now == "500":
        return web.Response(status=500, text="oops")
    if now == "words":
        return web.Response(text="OK")
    return web.json_response(answer(action, params))


@talk.or_end
async def serve_calls(socket):
    global fault
    async for frame in socket:
        if frame.type != aiohttp.WSMsgType.TEXT:
            continue
        call = json.loads(frame.data)
        talk.tell(called=read_call(call["action"], call["params"]))
        now, fault = fault, None
        if now == "hang":
            continue
        if now == "drop":
            break
        if now == "words":
            await socket.send_str("not JSON at all")
        await socket.send_str(json.dumps(answer(call["action"], call["params"]) | {"echo": call["echo"]}))
    sockets.remove(socket)
    talk.tell(closed=True)


async def greeted(socket, role):
    socket.role = role
    sockets.append(socket)
    if role != "API":
        hello = {"time": int(time.time()), "self_id": SELF, "post_type": "meta_event"}
        await socket.send_str(json.dumps(hello | {"meta_event_type": "lifecycle", "sub_type": "connect"}))
    talk.tell(connected=role)
    await serve_calls(socket)


class Socket(web.WebSocketResponse):
    role = None


async def forward(request):
    if "token" in how and request.headers.get("Authorization") != f"Bearer {how['token']}":
        talk.tell(turned_away=True)
        return web.Response(status=403)
    socket = Socket()
    await socket.prepare(request)
    await greeted(socket, "Universal")
    return socket


class Dialed(aiohttp.ClientWebSocketResponse):
    role = None


@talk.or_end
async def reverse(session, role):
    headers = {"X-Self-ID": str(SELF), "X-Client-Role": role}
    if "token" in how:
        headers["Authorization"] = f"Bearer {how['token']}"
    try:
        async with session.ws_connect(how["dial"], headers=headers) as socket:
            await greeted(socket, role)
    except aiohttp.WSServerHandshakeError as refused:
        talk.tell(turned_away=refused.status)


async def main():
    global fault
    runner = web.ServerRunner(web.Server(api))
    if "listen" in how:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", how["listen"]).start()
    async with aiohttp.ClientSession(ws_response_class=Dialed) as session:
        if "dial" in how:
            for role in ["API", "Event"] if how.get("split") else ["Universal"]:
                asyncio.create_task(reverse(session, role))
        talk.tell(ready=True)
        async for order in talk.orders():
            if "say" in order:
                event = message_event(order["say"])
                talk.tell(emitted=await emit(session, event) | {"nonebot": as_nonebot_reads(event)})
            elif "emit" in order:
                event = {"time": int(time.time()), "self_id": SELF} | order["emit"]
                talk.tell(emitted=await emit(session, event) | {"nonebot": as_nonebot_reads(event)})
            elif "fault" in order:
                fault = order["fault"]
                talk.tell(minded=fault)
            elif "connections" in order:
                talk.tell(connections=len(sockets))
            elif "close" in order:
                for socket in list(sockets):
                    await socket.close()
            elif "again" in order:
                asyncio.create_task(reverse(session, "Universal"))


asyncio.run(main())
