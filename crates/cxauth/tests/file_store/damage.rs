//! A file that is not what was written.

use crate::{
    other::snapshot,
    process::{Home, Process, does, other},
};
use serde_json::json;
use std::fs;

pub(crate) fn kinds() {
    let home = Home::new();
    assert_eq!(does(other(), &home.tokens(), "save 1"), "saved");
    let whole = fs::read(home.tokens()).unwrap();

    // One process for them all: each damage is put aside once, whole, and what follows starts without it.
    let mut process = Process::start(other(), &json!({ "store": home.tokens() }));
    let mut number = 0;
    let mut put_aside = |content: &[u8], case: &str| {
        home.write("tokens", content);
        let looked = process.ask("look");
        assert!(looked.starts_with("Damaged: "), "{case}: {looked}");
        assert_eq!(fs::read(home.tokens()).unwrap(), content, "{case}: who only looks touches nothing");
        number += 1;
        let answer = process.ask("load");
        let aside = format!("tokens.damaged-{number}");
        assert!(answer.starts_with("Damaged: ") && answer.contains(&aside), "{case}: {answer}");
        assert!(!answer.contains("canary"), "{case}: {answer}");
        assert_eq!(fs::read(home.path().join(aside)).unwrap(), content, "{case}: it is kept");
        assert_eq!(process.ask("load"), "empty", "{case}");
    };
    for length in [0, 1, whole.len() / 3, whole.len() / 2, whole.len() - 1] {
        put_aside(&whole[..length], &format!("cut to {length} bytes"));
    }
    let digest = whole.len() - 40;
    let token = whole.windows(9).position(|bytes| bytes == b"canary-a0").unwrap();
    for (place, case) in [(token, "in the token"), (digest, "in the checksum"), (0, "in the first byte")] {
        for bit in 0..8 {
            let mut turned = whole.clone();
            turned[place] ^= 1 << bit;
            put_aside(&turned, &format!("bit {bit} {case}"));
        }
    }
    put_aside(&vec![b'x'; 2 << 20], "too long");

    // Who was about to write does not write over it either.
    home.write("tokens", &whole[..20]);
    assert!(process.ask("save 7").starts_with("Damaged: "));
    assert_eq!(process.ask("save 7"), "saved");

    let newer = r#"{"cxauth":99,"what":"nobody knows"}"#;
    home.write("tokens", newer.as_bytes());
    for what in ["look", "load", "save 9"] {
        let answer = process.ask(what);
        assert!(answer.starts_with("NewerFormat: ") && answer.contains("Update cxauth"), "{what}: {answer}");
    }
    assert_eq!(fs::read_to_string(home.tokens()).unwrap(), newer);

    // As the first version wrote it: no note, no checksum.
    let today: serde_json::Value = serde_json::from_str(snapshot(3).to_text().expose()).unwrap();
    let mut older = today.as_object().unwrap().clone();
    older.remove("note").unwrap();
    home.write("tokens", serde_json::Value::Object(older).to_string().as_bytes());
    assert_eq!(process.ask("load"), "generation 3");
    assert_eq!(process.ask("save 2").split(':').next(), Some("Newer"), "the store never goes back");
    assert_eq!(process.ask("save 4"), "saved");
    process.end();
}
