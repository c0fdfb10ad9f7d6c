"""python3-fido2 (0.9, as in Debian 12) on the key at the given device file: an independent client, PIN/UV protocol two."""

import sys
from hashlib import sha256

from fido2.attestation import PackedAttestation
from fido2.ctap2 import ClientPin, CredentialManagement, Ctap2
from fido2.ctap2.pin import PinProtocolV2
from fido2.hid import CtapHidDevice

device_file, pin = sys.argv[1:]
rp_id = "python.example"
client_data_hash = sha256(b"client data").digest()

(device,) = [d for d in CtapHidDevice.list_devices() if d.descriptor.path == device_file]
ctap = Ctap2(device)
assert "FIDO_2_1" in ctap.info.versions

client_pin = ClientPin(ctap, PinProtocolV2())
permission = ClientPin.PERMISSION


def token(permissions, rp=None):
    return client_pin.get_pin_token(pin, permissions, rp)


def authenticate(pin_token, message):
    return client_pin.protocol.authenticate(pin_token, message)


make_token = token(permission.MAKE_CREDENTIAL, rp_id)
made = ctap.make_credential(
    client_data_hash,
    {"id": rp_id, "name": "Python"},
    {"id": b"python-user", "name": "python@example", "displayName": "Python"},
    [{"type": "public-key", "alg": -7}],
    options={"rk": True},
    pin_uv_param=authenticate(make_token, client_data_hash),
    pin_uv_protocol=client_pin.protocol.VERSION,
)
assert made.fmt == "packed"
PackedAttestation().verify(made.att_statement, made.auth_data, client_data_hash)
credential = made.auth_data.credential_data

get_token = token(permission.GET_ASSERTION, rp_id)
(assertion,) = ctap.get_assertions(
    rp_id,
    client_data_hash,
    pin_uv_param=authenticate(get_token, client_data_hash),
    pin_uv_protocol=client_pin.protocol.VERSION,
)
assertion.verify(client_data_hash, credential.public_key)
assert assertion.user["id"] == b"python-user"

manage = CredentialManagement(ctap, client_pin.protocol, token(permission.CREDENTIAL_MGMT))
rps = {rp[CredentialManagement.RESULT.RP]["id"] for rp in manage.enumerate_rps()}
assert rps == {"debian.example", rp_id}, rps
manage = CredentialManagement(ctap, client_pin.protocol, token(permission.CREDENTIAL_MGMT))
manage.delete_cred({"id": credential.credential_id, "type": "public-key"})
assert manage.get_metadata()[CredentialManagement.RESULT.EXISTING_CRED_COUNT] == 1

print("python3-fido2: all well")
