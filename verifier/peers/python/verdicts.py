"""What py_webauthn and python-fido2 say of the cases that `cargo run --bin verdicts` wrote: `verdicts.py cases.json`."""

import json
import sys
from base64 import urlsafe_b64decode
from importlib.metadata import version

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from fido2 import cbor
from fido2.attestation import Attestation
from fido2.server import Fido2Server
from fido2.webauthn import AttestedCredentialData, PublicKeyCredentialRpEntity
from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.structs import AttestationFormat

ORIGIN = "https://example.org"
RP_ID = "example.org"


def of_base64url(text):
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


class PyWebauthn:
    """It is given the specification's root for every format, since it brings roots of its own for some."""

    name = "py_webauthn"
    package = "webauthn"

    def __init__(self, root):
        pem = x509.load_der_x509_certificate(root).public_bytes(Encoding.PEM)
        self.roots = {format: [pem] for format in AttestationFormat}

    def verify(self, case):
        expected = {
            "credential": case["response"],
            "expected_challenge": of_base64url(case["challenge"]),
            "expected_rp_id": RP_ID,
            "expected_origin": ORIGIN,
            "require_user_verification": case["requiresUserVerification"],
        }
        record = case["record"]
        if record is None:
            algorithms = [COSEAlgorithmIdentifier(number) for number in case["algorithms"]]
            verify_registration_response(
                **expected, supported_pub_key_algs=algorithms, pem_root_certs_bytes_by_fmt=self.roots
            )
        else:
            verify_authentication_response(
                **expected,
                credential_public_key=of_base64url(record["publicKey"]),
                credential_current_sign_count=record["signCount"],
            )


class PythonFido2:
    """Its default takes every subdomain and ignores attestation; it is asked as strictly as it can be."""

    name = "python-fido2"
    package = "fido2"

    def __init__(self):
        relying_party = PublicKeyCredentialRpEntity(id=RP_ID, name="name")
        self.server = Fido2Server(
            relying_party,
            attestation="direct",
            verify_origin=lambda origin: origin == ORIGIN,
            verify_attestation=lambda attested, client_data_hash: Attestation.for_type(attested.fmt)().verify(
                attested.att_stmt, attested.auth_data, client_data_hash
            ),
        )

    def verify(self, case):
        verification = "required" if case["requiresUserVerification"] else "discouraged"
        state = {"challenge": case["challenge"], "user_verification": verification}
        record = case["record"]
        if record is None:
            self.server.register_complete(state, case["response"])
        else:
            key = cbor.decode(of_base64url(record["publicKey"]))
            credential = AttestedCredentialData.create(bytes(16), of_base64url(record["id"]), key)
            self.server.authenticate_complete(state, [credential], case["response"])


def verdict(peer, case):
    """Its reason for a no; `None` for a yes. Whatever it throws is a no."""
    try:
        peer.verify(case)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None


def main(path):
    with open(path, encoding="utf-8") as file:
        content = json.load(file)
    unexpected = 0
    for peer in (PyWebauthn(of_base64url(content["root"])), PythonFido2()):
        listed = {each["case"] for each in content["differences"] if each["library"] == peer.name}
        for case in content["cases"]:
            refusal = verdict(peer, case)
            is_differing = (refusal is None) != case["verdict"]
            if is_differing != (case["name"] in listed):
                unexpected += 1
                verdicts = f"the verifier {case['reason'] or 'yes'}, {peer.name} {refusal or 'yes'}"
                print(f"{case['name']}: {verdicts}", file=sys.stderr)
        cases = len(content["cases"])
        print(f"{cases} cases, {peer.name} {version(peer.package)} agrees on all but {len(listed)} listed ones")
    if unexpected:
        sys.exit(f"{unexpected} verdicts differ that are not listed, or agree that are")


main(sys.argv[1])
