//! Writes the inputs that each target starts from: `cargo run --example seeds -- FOLDER`.

use std::path::Path;
use std::{env, fs, io};
use wx_soter_verifier::cbor;
use wx_soter_verifier_fuzz::common::es256_cose;
use wx_soter_verifier_fuzz::samples;
use wx_soter_webauthn::vectors;

fn main() -> io::Result<()> {
    let folder = env::args_os().nth(1).expect("the folder to write to");
    let write = |target: &str, name: &str, bytes: &[u8]| {
        let folder = Path::new(&folder).join(target);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(name), bytes)
    };
    for vector in vectors::all() {
        let (name, registration) = (&vector.name, &samples::registration(&vector));
        let assertion = &samples::assertion(&vector);
        write("registration_json", name, samples::registration_json(registration).as_bytes())?;
        write("authentication_json", name, samples::authentication_json(assertion).as_bytes())?;
        write("soter_result", name, samples::result_input("raw", 0, assertion).as_bytes())?;
        write("attestation_object", name, &registration.attestation_object)?;
        write("authenticator_data", name, &vector.registration.authenticator_data)?;
        write("authenticator_data", &format!("{name}-assertion"), &assertion.authenticator_data)?;
        if let Some(key) = &vector.public_key {
            write("cose_key", name, key)?;
        }
        write("client_data", name, &registration.client_data_json)?;
        write("client_data", &format!("{name}-assertion"), &assertion.client_data_json)?;
        write("verify_registration", name, &registration.attestation_object)?;
    }
    let own_key = es256_cose(-7);
    assert!(cbor::read(&own_key).is_some());
    write("cose_key", "own", &own_key)?;
    write("verify_registration", "own", &samples::good_registration().attestation_object)?;
    write("verify_registration", "compound", &samples::good_compound().attestation_object)?;
    write("soter_result", "own", samples::good_result().as_bytes())?;
    write("verify_result", "own", samples::good_result().as_bytes())
}
