"""python3-fido2 (0.9, as in Debian 12) on the fullest key there is, in one run: PIN, fingers, extensions, settings, U2F,
reset. The key is touched by the right index finger whenever it blinks; it has no PIN at first."""

import sys
from hashlib import sha256

from fido2.attestation import PackedAttestation
from fido2.cose import ES256
from fido2.ctap import CtapError
from fido2.ctap1 import ApduError, Ctap1
from fido2.ctap2 import ClientPin, Config, CredentialManagement, Ctap2, FPBioEnrollment
from fido2.ctap2.bio import CaptureError
from fido2.ctap2.pin import PinProtocolV1, PinProtocolV2
from fido2.hid import CtapHidDevice

(device_file,) = sys.argv[1:]
rp_id = "python.example"
client_data_hash = sha256(b"client data").digest()
PIN = "python-1"
P = ClientPin.PERMISSION

(device,) = [d for d in CtapHidDevice.list_devices() if d.descriptor.path == device_file]
ctap = Ctap2(device)


def refused(code, call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except CtapError as error:
        assert error.code == code, error
        return
    raise AssertionError("not refused")


def touched(call, *args):
    """U2F asks again until there was a touch."""
    for _ in range(200):
        try:
            return call(*args)
        except ApduError as error:
            assert error.code == 0x6985, error
    raise AssertionError("nobody touched the key")


def make(client, by_finger=False, **extra):
    token = client.get_uv_token(P.MAKE_CREDENTIAL, rp_id) if by_finger else client.get_pin_token(PIN, P.MAKE_CREDENTIAL, rp_id)
    made = ctap.make_credential(
        client_data_hash,
        {"id": rp_id, "name": "Python"},
        {"id": b"python-user", "name": "python@example", "displayName": "Python"},
        [{"type": "public-key", "alg": ES256.ALGORITHM}],
        options={"rk": True},
        pin_uv_param=client.protocol.authenticate(token, client_data_hash),
        pin_uv_protocol=client.protocol.VERSION,
        **extra
    )
    PackedAttestation().verify(made.att_statement, made.auth_data, client_data_hash)
    assert made.auth_data.is_user_verified()
    return made.auth_data


# PIN, under both protocols
one, two = ClientPin(ctap, PinProtocolV1()), ClientPin(ctap, PinProtocolV2())
one.set_pin("first-pin")
refused(CtapError.ERR.PIN_AUTH_INVALID, two.set_pin, PIN)
refused(CtapError.ERR.PIN_INVALID, two.change_pin, "not-it", PIN)
assert two.get_pin_retries() == (7, False)
two.change_pin("first-pin", PIN)
assert one.get_pin_retries() == (8, False)
print("python3-fido2: pin")

# Extensions, and two credentials under one PIN
data = make(two, extensions={"credProtect": 3, "hmac-secret": True})
assert data.extensions == {"credProtect": 3, "hmac-secret": True}, data.extensions
make(one)
print("python3-fido2: credentials")

# Lists: rename and delete
manage = CredentialManagement(ctap, two.protocol, two.get_pin_token(PIN, P.CREDENTIAL_MGMT))
(entry,) = manage.enumerate_creds(sha256(rp_id.encode()).digest())
R = CredentialManagement.RESULT
credential = entry[R.CREDENTIAL_ID]
manage.update_user_info(credential, {"id": b"python-user", "name": "renamed@example"})
(entry,) = manage.enumerate_creds(sha256(rp_id.encode()).digest())
assert entry[R.USER] == {"id": b"python-user", "name": "renamed@example"}, entry[R.USER]
manage.delete_cred(credential)
assert manage.get_metadata()[R.EXISTING_CRED_COUNT] == 0
print("python3-fido2: lists")

# A finger: enrolled, named, used instead of the PIN, removed
bio = FPBioEnrollment(ctap, two.protocol, two.get_pin_token(PIN, P.BIO_ENROLL))
assert bio.get_fingerprint_sensor_info() == {1: 1, 2: 1, 3: 4, 8: 15}
assert bio.enumerate_enrollments() == {}
context, template, flaws = bio.enroll(), None, 0
while template is None:
    try:
        template = context.capture()
    except CaptureError as error:
        assert error.code == FPBioEnrollment.FEEDBACK.FP_TOO_SHORT, error.code
        flaws += 1
assert flaws == 1
bio.set_name(template, "index")
assert bio.enumerate_enrollments() == {template: "index"}
assert Ctap2(device).info.options["bioEnroll"]
make(two, by_finger=True)
assert two.get_uv_retries()[0] == 5
bio = FPBioEnrollment(ctap, two.protocol, two.get_pin_token(PIN, P.BIO_ENROLL))
bio.remove_enrollment(template)
assert bio.enumerate_enrollments() == {}
print("python3-fido2: fingers")

# Settings
config = Config(ctap, two.protocol, two.get_pin_token(PIN, P.AUTHENTICATOR_CFG))
config.set_min_pin_length(6, [rp_id])
config.toggle_always_uv()
info = Ctap2(device).info
assert info.options["alwaysUv"] and info.min_pin_length == 6
assert make(two, extensions={"minPinLength": True}).extensions == {"minPinLength": 6}
config = Config(ctap, two.protocol, two.get_pin_token(PIN, P.AUTHENTICATOR_CFG))
config.toggle_always_uv()
print("python3-fido2: settings")

# U2F
u2f, application = Ctap1(device), sha256(b"https://python.example").digest()
assert u2f.get_version() == "U2F_V2"
registration = touched(u2f.register, client_data_hash, application)
registration.verify(application, client_data_hash)
signature = touched(u2f.authenticate, client_data_hash, application, registration.key_handle)
signature.verify(application, client_data_hash, registration.public_key)
print("python3-fido2: u2f")

# Reset: all of it goes
ctap.reset()
info = Ctap2(device).info
assert not info.options["clientPin"] and info.min_pin_length == 4
try:
    u2f.authenticate(client_data_hash, application, registration.key_handle, check_only=True)
    raise AssertionError("the registration outlived the reset")
except ApduError as error:
    assert error.code == 0x6A80, error
print("python3-fido2: reset")
