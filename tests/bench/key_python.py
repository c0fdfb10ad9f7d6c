"""The steps of the key bench through python3-fido2, in one process: JSON with the milliseconds of each, round by round."""

import json
import sys
from time import perf_counter

from fido2.ctap2 import ClientPin, Ctap2
from fido2.ctap2.pin import PinProtocolV2
from fido2.hid import CtapHidDevice

device_file, pin, rounds, pings = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
rp_id = "bench.example"
client_data_hash = bytes([0x5A]) * 32

(device,) = [d for d in CtapHidDevice.list_devices() if d.descriptor.path == device_file]
ctap = Ctap2(device)
client_pin = ClientPin(ctap, PinProtocolV2())
permission = ClientPin.PERMISSION


def timed(times, step, work):
    started = perf_counter()
    result = work()
    times[step] = (perf_counter() - started) * 1000
    return result


def authenticate(token):
    return client_pin.protocol.authenticate(token, client_data_hash)


def ping(length):
    for count in range(pings):
        device.ping(bytes([count]) * length)


def one_round():
    times = {}
    timed(times, "getInfo", ctap.get_info)
    both = permission.MAKE_CREDENTIAL | permission.GET_ASSERTION
    token = timed(times, "PIN token", lambda: client_pin.get_pin_token(pin, both, rp_id))
    timed(
        times,
        "makeCredential",
        lambda: ctap.make_credential(
            client_data_hash,
            {"id": rp_id, "name": "Bench"},
            {"id": bytes([1, 2, 3]), "name": "bench@example", "displayName": "Bench"},
            [{"type": "public-key", "alg": -7}],
            options={"rk": True},
            pin_uv_param=authenticate(token),
            pin_uv_protocol=2,
        ),
    )
    token = client_pin.get_pin_token(pin, permission.GET_ASSERTION, rp_id)
    timed(
        times,
        "getAssertion",
        lambda: ctap.get_assertion(
            rp_id, client_data_hash, pin_uv_param=authenticate(token), pin_uv_protocol=2
        ),
    )
    timed(times, "PING of 57 bytes", lambda: ping(57))
    timed(times, "PING of 1,024 bytes", lambda: ping(1024))
    return times


print(json.dumps([one_round() for _ in range(rounds)]))
