"""WeCom's side, by wechatpy: it seals and opens envelopes, reads messages, and calls the API as its own client does."""

import asyncio
import json
import sys

import aiohttp
import xmltodict
from aiohttp import web
from wechatpy.work import WeChatClient, parse_message
from wechatpy.work.crypto import WeChatCrypto

from talk import or_end, orders, tell

how = json.loads(sys.argv[1])
crypto = WeChatCrypto(how["token"], how["key"], how["corp"])
heard = []


def read(xml):
    message = parse_message(xml)
    said = {key: getattr(message, key, None) for key in ("source", "type", "content", "event", "chat_id", "change_type")}
    return {"class": type(message).__name__, **{key: value for key, value in said.items() if value is not None}}


def sealed(message):
    """An envelope as wechatpy writes it, and what its address carries."""
    xml = crypto.encrypt_message(message, how["nonce"], how["timestamp"])
    fields = xmltodict.parse(xml)["xml"]
    query = {"msg_signature": fields["MsgSignature"], "timestamp": how["timestamp"], "nonce": how["nonce"]}
    return xml, fields["Encrypt"], query


async def served(request):
    """WeCom's API, as far as anybody asks for it here."""
    body = await request.text()
    path = request.path.removeprefix("/cgi-bin/")
    heard.append({"path": path, "query": dict(request.query), "body": json.loads(body) if body else None})
    answers = {
        "gettoken": {"access_token": "T1", "expires_in": 7200},
        "externalcontact/groupchat/list": {"group_chat_list": [{"chat_id": "wrTEA", "status": 0}]},
        "externalcontact/groupchat/get": {"group_chat": {"chat_id": "wrTEA", "owner": "zhang", "member_list": [{"userid": "zhang"}]}},
        "externalcontact/add_msg_template": {"msgid": "msgX", "fail_list": []},
    }
    return web.json_response({"errcode": 0, "errmsg": "ok", **answers.get(path, {})})


class Client(WeChatClient):
    def fetch_access_token(self):
        return self._fetch_access_token(
            url=f"{self.API_BASE_URL}gettoken", params={"corpid": self.corp_id, "corpsecret": self.secret}
        )


def called(base):
    """The same things, asked for by wechatpy's client."""
    Client.API_BASE_URL = f"{base}/cgi-bin/"
    client = Client(how["corp"], "hush")
    client.message.send_text(1000002, "zhang", "今日有货")
    client.external_contact.get_group_chat_info("wrTEA")
    client.external_contact.add_msg_template(
        {"chat_type": "group", "sender": "zhang", "chat_id_list": ["wrTEA"], "text": {"content": "春茶上市"}}
    )


@or_end
async def main():
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", served)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    base = "http://127.0.0.1:%d" % runner.addresses[0][1]
    tell(ready={"base": base})
    async with aiohttp.ClientSession() as session:
        async for order in orders():
            if "verify" in order:
                _, encrypt, query = sealed(order["verify"])
                if order.get("forged"):
                    query["msg_signature"] = "0" * 40
                async with session.get(order["hook"], params={**query, "echostr": encrypt}) as answer:
                    tell(verified={"status": answer.status, "body": await answer.text()})
            elif "post" in order:
                xml, _, query = sealed(order["post"])
                async with session.post(order["hook"], params=query, data=xml.encode()) as answer:
                    tell(posted={"status": answer.status, "body": await answer.text(), "read": read(order["post"])})
            elif "open" in order:
                given = order["open"]
                xml = f"<xml><Encrypt><![CDATA[{given['encrypt']}]]></Encrypt></xml>"
                tell(opened=crypto.decrypt_message(xml, given["signature"], given["timestamp"], given["nonce"]))
            elif "call" in order:
                await asyncio.get_running_loop().run_in_executor(None, called, base)
                tell(called=True)
            elif "heard" in order:
                tell(heard=list(heard))
                heard.clear()


asyncio.run(main())
