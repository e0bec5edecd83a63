//! Where another library says otherwise, and why that is right or of no consequence.

/// webauthn-rs-core, from crates.io.
pub const WEBAUTHN_RS: &str = "webauthn-rs-core";
/// `@simplewebauthn/server`, from npm.
pub const SIMPLEWEBAUTHN: &str = "@simplewebauthn/server";

/// A case on which a library says the opposite.
pub struct Difference {
    pub library: &'static str,
    pub case: &'static str,
    pub why: &'static str,
}

/// All of them. One that no longer differs is an error, as is one that is not here.
pub const ALL: &[Difference] = &[
    // Algorithms and formats that not both have.
    webauthn_rs("packed-rs256, registration", "it takes RSA keys of 2,048 bits only"),
    webauthn_rs("packed-rs256, assertion", "it takes RSA keys of 2,048 bits only"),
    webauthn_rs("packed-eddsa, registration", "it knows no EdDSA"),
    webauthn_rs("packed-eddsa, assertion", "it knows no EdDSA"),
    webauthn_rs("EdDSA, good", "it knows no EdDSA"),
    webauthn_rs("EdDSA, good, self attestation", "it knows no EdDSA"),
    webauthn_rs("EdDSA, assertion, good", "it knows no EdDSA"),
    webauthn_rs("tpm-es256, registration", "it takes keys of RSA only from a TPM"),
    simplewebauthn(
        "tpm-es256, registration",
        "it wants a maker of TCG's registry; the vector's is made up, and the roots say whom to trust",
    ),
    // Where it is stricter.
    webauthn_rs("none-es256-crossOrigin, registration", "it refuses registration in every iframe"),
    webauthn_rs("none-es256-topOrigin, registration", "it refuses registration in every iframe"),
    webauthn_rs("registration: 10, iframe, expected", "it refuses registration in every iframe"),
    webauthn_rs("assertion: 8, byte order mark", "it does not skip the mark, as UTF-8 decode does"),
    webauthn_rs(
        "android-key-es256, registration",
        "it does not read the vector's key description, whose authorization lists are empty",
    ),
    simplewebauthn(
        "android-key-es256, registration",
        "it wants the root among the certificates, as Android sends it",
    ),
    simplewebauthn(
        "fido-u2f-es256, registration",
        "it wants the AAGUID to be zero, of which §8.6 says nothing",
    ),
    // Where it is laxer: left to its callers, or not looked at.
    webauthn_rs("registration: 3, type", "it leaves `type` to its caller"),
    webauthn_rs("registration: 3, id is not rawId", "it looks at neither; only the attested id counts"),
    webauthn_rs("registration: 11.1, top origin", "it does not look at `topOrigin`"),
    webauthn_rs("registration: 13, a byte after the data", "it stops reading at the end of the key"),
    webauthn_rs("registration: 22, none with a statement", "it does not look at the statement of `none`"),
    webauthn_rs("registration: 25, longer id", "it sets no limit"),
    webauthn_rs("registration: 27, another id", "it looks at neither; only the attested id counts"),
    webauthn_rs("assertion: 3, type", "it leaves `type` to its caller"),
    webauthn_rs("assertion: 13, iframe", "it looks at `crossOrigin` in registrations only"),
    webauthn_rs("assertion: 14.1, top origin", "it does not look at `topOrigin`"),
    webauthn_rs("assertion: 14.1, iframe, not expected", "it looks at `crossOrigin` in registrations only"),
    webauthn_rs("assertion: 14.2, iframe, of another page", "it does not look at `topOrigin`"),
    webauthn_rs("assertion: 15, a byte after the data", "it stops reading at the end of what it needs"),
    simplewebauthn("registration: 10, iframe", "it looks at iframes in assertions only"),
    simplewebauthn("registration: 11.1, top origin", "it looks at iframes in assertions only"),
    simplewebauthn("registration: 11.2, iframe, of another page", "it looks at iframes in assertions only"),
    simplewebauthn("registration: 13, a byte after the object", "it reads the first value and no further"),
    simplewebauthn("registration: 13, cut short", "it takes a byte string shorter than it says"),
    simplewebauthn(
        "registration: 20, algorithm of another key",
        "it looks at the key's type when it is used",
    ),
    simplewebauthn("registration: 22, self attestation, algorithm", "it takes the algorithm from the key"),
    simplewebauthn("registration: 25, longer id", "it sets no limit"),
    simplewebauthn("registration: 27, another id", "it returns the attested id and ignores the other"),
    simplewebauthn("assertion: 5, another credential", "it leaves that to its caller"),
    simplewebauthn("assertion: 9, a member twice", "JSON.parse takes the last"),
    simplewebauthn("assertion: 13, iframe", "it wants `topOrigin` too, which some browsers do not send"),
    simplewebauthn("assertion: 19, has become eligible", "it leaves the record's flags to its caller"),
    simplewebauthn("assertion: 19, is eligible no more", "it leaves the record's flags to its caller"),
];

const fn webauthn_rs(case: &'static str, why: &'static str) -> Difference {
    Difference { library: WEBAUTHN_RS, case, why }
}

const fn simplewebauthn(case: &'static str, why: &'static str) -> Difference {
    Difference { library: SIMPLEWEBAUTHN, case, why }
}

/// The entry for a library and a case.
pub fn find(library: &str, case: &str) -> Option<&'static Difference> {
    ALL.iter().find(|difference| difference.library == library && difference.case == case)
}
