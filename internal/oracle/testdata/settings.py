"""Read settings with the real Prefect, as it does when it starts: a list of cases in, their values out."""
import json
import os
import pathlib
import sys

import prefect
import prefect.context
import prefect.settings
from prefect.context import root_settings_context

V3 = prefect.__version__.startswith("3")


def plain(v):
    if v is None:
        return None
    if hasattr(v, "get_secret_value"):
        v = v.get_secret_value()
    if isinstance(v, (set, frozenset)):
        return sorted(v)
    if isinstance(v, (str, int, float, bool, dict, list)):
        return v
    return str(v)


def get(settings, name):
    if not V3:
        import prefect.settings
        return plain(getattr(prefect.settings, name).value_from(settings))
    path = {"PREFECT_API_URL": "api.url", "PREFECT_API_KEY": "api.key", "PREFECT_API_AUTH_STRING": "api.auth_string",
            "PREFECT_API_TLS_INSECURE_SKIP_VERIFY": "api.tls_insecure_skip_verify", "PREFECT_API_SSL_CERT_FILE": "api.ssl_cert_file",
            "PREFECT_API_REQUEST_TIMEOUT": "api.request_timeout", "PREFECT_CLIENT_MAX_RETRIES": "client.max_retries",
            "PREFECT_CLIENT_CUSTOM_HEADERS": "client.custom_headers", "PREFECT_CLIENT_RETRY_EXTRA_CODES": "client.retry_extra_codes",
            "PREFECT_CLIENT_CSRF_SUPPORT_ENABLED": "client.csrf_support_enabled", "PREFECT_UI_URL": "ui_url",
            "PREFECT_DEFAULT_WORK_POOL_NAME": "deployments.default_work_pool_name"}[name]
    v = settings
    for part in path.split("."):
        v = getattr(v, part)
    return plain(v)


out = []
clean = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
for case in json.load(sys.stdin):
    os.environ.clear()
    os.environ.update(clean | {"HOME": case["home"]} | (case["env"] or {}))
    os.chdir(case["dir"])
    sys.argv = ["prefect"]
    prefect.context.GLOBAL_SETTINGS_CONTEXT = None  # as when the process has just begun
    if V3:
        prefect.settings.sources.DEFAULT_PREFECT_HOME = pathlib.Path(case["home"], ".prefect")
    try:
        with root_settings_context() as c:
            out.append({"profile": c.profile.name, "values": {n: get(c.settings, n) for n in case["names"]}})
    except BaseException as e:
        out.append({"error": f"{type(e).__name__}: {e}"})
json.dump(out, sys.stdout)
