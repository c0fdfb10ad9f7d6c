"""The steps of the key bench through python3-fido2, in one process that stays: each line read names a step, each line
written has the milliseconds it took."""

import sys
from time import perf_counter

from fido2.ctap2 import ClientPin, Ctap2
from fido2.ctap2.pin import PinProtocolV2
from fido2.hid import open_device

device_file, pin = sys.argv[1], sys.argv[2]
rp_id = "bench.example"
client_data_hash = bytes([0x5A]) * 32

# Not list_devices: it says hello to every key there is, and the others would not be as they are expected to be.
device = open_device(device_file)
ctap = Ctap2(device)
client_pin = ClientPin(ctap, PinProtocolV2())
permission = ClientPin.PERMISSION
both = permission.MAKE_CREDENTIAL | permission.GET_ASSERTION
token = b""


def fetch_token(permissions):
    global token
    token = client_pin.get_pin_token(pin, permissions, rp_id)


def authenticate():
    return client_pin.protocol.authenticate(token, client_data_hash)


def make_credential():
    ctap.make_credential(
        client_data_hash,
        {"id": rp_id, "name": "Bench"},
        {"id": bytes([1, 2, 3]), "name": "bench@example", "displayName": "Bench"},
        [{"type": "public-key", "alg": -7}],
        options={"rk": True},
        pin_uv_param=authenticate(),
        pin_uv_protocol=2,
    )


def get_assertion():
    ctap.get_assertion(rp_id, client_data_hash, pin_uv_param=authenticate(), pin_uv_protocol=2)


steps = {
    "getInfo": ctap.get_info,
    "PIN token": lambda: fetch_token(both),
    "makeCredential": make_credential,
    "getAssertion": get_assertion,
    "PING of 57 bytes": lambda: device.ping(bytes([0x33]) * 57),
    "PING of 1,024 bytes": lambda: device.ping(bytes([0x33]) * 1024),
}

for line in sys.stdin:
    step = line.rstrip("\n")
    if step == "getAssertion":
        fetch_token(permission.GET_ASSERTION)
    started = perf_counter()
    steps[step]()
    print((perf_counter() - started) * 1000, flush=True)
