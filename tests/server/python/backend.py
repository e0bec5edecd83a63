"""A backend with py-wechat-tools of PyPI, as one has it for WeChat. The library knows WeChat's host alone; HOST takes its place, and
nothing else is changed.

    HOST=https://api.weixin.qq.com APPID=… SECRET=… backend.py < results.json

Standard input is a list of `{openid, result}`. For each, the last line of the output has what the library returns or raises.
"""

import json
import os
import sys

from py_wechat_tools import MPTools
from py_wechat_tools.libs.tools import WeRequest
from py_wechat_tools.libs.we_exception import WeError

WECHAT = "https://api.weixin.qq.com"


class OtherHost(WeRequest):
    """The library's requests, to HOST."""

    def get(self, url, **options):
        return super().get(url.replace(WECHAT, os.environ["HOST"], 1), **options)

    def post(self, url, **options):
        return super().post(url.replace(WECHAT, os.environ["HOST"], 1), **options)


def verdict(tools, openid, result):
    try:
        data = tools.verify_signature(openid, result["resultJSON"], result["resultJSONSignature"])
    except WeError as error:
        return {"raised": str(error)}
    return data.result_json


tools = MPTools(os.environ["APPID"], os.environ["SECRET"])
tools.wx_request = OtherHost(tools.logger)
verdicts = [verdict(tools, **submission) for submission in json.load(sys.stdin)]
print(json.dumps(verdicts))
