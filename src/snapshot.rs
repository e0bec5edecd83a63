//! A snapshot of a JavaScript object: the members that a rule needs, each read once, since a getter may answer differently.
//!
//! It comes as one text, because each crossing between JavaScript and the module costs a microsecond and the module some
//! bytes; and so the rules that read it run without an engine. `src/browser/page.js` writes it.

use crate::text::{cut, number};

/// What was read. Members that are `undefined` are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot<'a>(Vec<Value<'a>>);

/// A value, as far as rules look at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value<'a> {
    /// Its path, such as `user.id` or `requestAuthModes[0]`; empty for the object itself.
    pub name: &'a str,
    /// What it is.
    pub kind: Kind,
    /// What `Object.prototype.toString` calls it, and WeChat's parameter errors too: `Undefined`, `String`, `Null` …
    pub type_name: &'a str,
    /// The length of a string, in UTF-16 code units, of an array, or of bytes; 0 for anything else.
    pub length: u32,
    /// A string as it is, each lone surrogate replaced by U+FFFD; a number without its fraction, where that fits an
    /// `i32`; `true` for that; a character from U+0100 to U+01FF for each byte of a
    /// `Uint8Array`; empty for anything else, and for what is
    /// longer than 65,536.
    text: &'a str,
}

/// What a value is. Each has the letter that `page.js` writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// `undefined`
    Undefined = b'-',
    /// A string.
    String = b's',
    /// A string with lone surrogates.
    MalformedString = b'm',
    /// A number.
    Number = b'n',
    /// A boolean.
    Boolean = b'b',
    /// A function.
    Function = b'f',
    /// An array.
    Array = b'a',
    /// A `Uint8Array`.
    Bytes = b'y',
    /// `null`, or any other object.
    Object = b'o',
    /// A symbol, a `BigInt`, or what cannot be looked at.
    Other = b'?',
}

impl Kind {
    fn of(letter: &str) -> Self {
        use Kind::*;
        let kinds = [String, MalformedString, Number, Boolean, Function, Array, Bytes, Object];
        let is_it = |kind: &Self| letter.as_bytes().first() == Some(&(*kind as u8));
        kinds.into_iter().find(is_it).unwrap_or(Other)
    }
}

static UNDEFINED: Value<'static> =
    Value { name: "", kind: Kind::Undefined, type_name: "Undefined", length: 0, text: "" };

impl<'a> Snapshot<'a> {
    /// Reads what `page.js` wrote: for each value its name, kind, type, length, how many NULs its text has, and the
    /// text; each with a NUL behind it.
    #[must_use]
    #[inline(never)]
    pub fn read(mut written: &'a str) -> Self {
        let mut values = Vec::new();
        while !written.is_empty() {
            let name = cut(&mut written, 0);
            let kind = Kind::of(cut(&mut written, 0));
            let type_name = cut(&mut written, 0);
            let length = number(cut(&mut written, 0)).map_or(u32::MAX, i32::cast_unsigned);
            let nuls = number(cut(&mut written, 0)).unwrap_or_default();
            let text = part(&mut written, nuls);
            values.push(Value { name, kind, type_name, length, text });
        }
        Self(values)
    }

    /// The member of that path.
    #[must_use]
    #[inline(never)]
    pub fn get(&self, name: &str) -> &Value<'a> {
        self.0.iter().find(|value| value.name == name).unwrap_or(&UNDEFINED)
    }

    /// The items that were read of an array, at most 64: no option needs more, and a page's mistake must not stall the
    /// page.
    pub fn items(&self, array: &str) -> impl Iterator<Item = &Value<'a>> {
        self.0.iter().filter(move |value| {
            value.name.strip_prefix(array).is_some_and(|index| index.as_bytes().first() == Some(&b'['))
        })
    }

    /// The string of that path; empty where it is none.
    #[must_use]
    #[inline(never)]
    pub fn text(&self, name: &str) -> String {
        self.get(name).text().to_owned()
    }

    /// The bytes of that path; empty where there are none.
    #[must_use]
    #[inline(never)]
    pub fn bytes(&self, name: &str) -> Vec<u8> {
        let value = self.get(name);
        let mut bytes = Vec::new();
        if value.kind == Kind::Bytes {
            // Each character is two bytes of UTF-8.
            for character in value.text.as_bytes().chunks_exact(2) {
                if let [first, second] = character {
                    bytes.push(first << 6 | second & 0x3f);
                }
            }
        }
        bytes
    }
}

impl<'a> Value<'a> {
    /// A string; empty where it is none.
    #[must_use]
    pub const fn text(&self) -> &'a str {
        if matches!(self.kind, Kind::String | Kind::MalformedString) { self.text } else { "" }
    }

    /// A number without its fraction; `None` where it is none, or does not fit.
    #[must_use]
    pub fn number(&self) -> Option<i32> {
        if self.kind == Kind::Number { number(self.text) } else { None }
    }

    /// A boolean; `None` where it is none.
    #[must_use]
    pub fn flag(&self) -> Option<bool> {
        (self.kind == Kind::Boolean).then_some(!self.text.is_empty())
    }

    /// Whether it is `undefined`.
    #[must_use]
    pub fn is_undefined(&self) -> bool {
        self.kind == Kind::Undefined
    }

    /// Whether it may have members: an object, or nothing at all.
    #[must_use]
    pub const fn is_object_or_nothing(&self) -> bool {
        matches!(self.kind, Kind::Object | Kind::Undefined)
    }
}

/// Takes what is before the NUL that follows so many others.
fn part<'a>(written: &mut &'a str, nuls: i32) -> &'a str {
    let whole = *written;
    for _ in 0..nuls {
        if written.is_empty() {
            break;
        }
        cut(written, 0);
    }
    let before_last = whole.len() - written.len();
    let end = before_last + cut(written, 0).len();
    whole.get(..end).unwrap_or_default()
}

/// Writes the members of these paths as `page.js` does.
#[cfg(all(test, not(target_arch = "wasm32")))]
pub fn write(object: &serde_json::Value, paths: &str) -> String {
    use serde_json::Value;

    fn describe(name: &str, value: Option<&Value>) -> String {
        let (kind, type_name, length, text) = match value {
            None => return String::new(),
            Some(Value::Null) => ('o', "Null", 0, String::new()),
            Some(Value::Bool(flag)) => ('b', "Boolean", 0, if *flag { "true".into() } else { String::new() }),
            Some(Value::Number(number)) => {
                let whole = number.as_f64().unwrap().trunc();
                let fits = (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&whole);
                ('n', "Number", 0, if fits { format!("{whole:.0}") } else { String::new() })
            }
            Some(Value::String(text)) => ('s', "String", text.encode_utf16().count(), text.clone()),
            Some(Value::Array(items)) => ('a', "Array", items.len(), String::new()),
            Some(Value::Object(_)) => ('o', "Object", 0, String::new()),
        };
        let nuls = text.matches('\0').count();
        let items = value.and_then(Value::as_array).into_iter().flatten().take(64).enumerate();
        let items = items.map(|(index, item)| describe(&format!("{name}[{index}]"), Some(item)));
        let own = format!("{name}\0{kind}\0{type_name}\0{length}\0{nuls}\0{text}\0");
        items.fold(own, |written, item| written + &item)
    }

    let member = |path: &str| path.split('.').try_fold(object, |value, name| value.get(name));
    let members = paths.split(' ').map(|path| describe(path, member(path)));
    members.fold(describe("", Some(object)), |written, member| written + &member)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::{Snapshot, write};
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn members_of_every_type_are_read() {
        let object = json!({ "s": "a\0b\0", "n": -257.9, "big": 2_147_483_648_u32, "b": true, "z": null, "l": ["x", 7], "o": { "s": "inner" } });
        let written = write(&object, "s n big b z l o o.s o.o.s missing");
        let read = Snapshot::read(&written);
        assert_eq!(read.get("").type_name, "Object");
        assert_eq!((read.text("s").as_str(), read.get("s").length), ("a\0b\0", 4));
        assert_eq!((read.get("n").number(), read.get("s").number()), (Some(-257), None));
        assert_eq!(read.get("big").number(), None);
        assert_eq!((read.get("b").flag(), read.get("n").flag()), (Some(true), None));
        assert_eq!((read.get("z").type_name, read.get("o").type_name), ("Null", "Object"));
        assert_eq!(read.text("o.s"), "inner");
        assert!(["o.o.s", "missing", "never asked for"].iter().all(|name| read.get(name).is_undefined()));
        let items: Vec<_> = read.items("l").map(|item| (item.name, item.type_name)).collect();
        assert_eq!(items, [("l[0]", "String"), ("l[1]", "Number")]);
        assert_eq!(read.get("l").length, 2);
    }

    #[test]
    fn bytes_are_a_character_each() {
        let written = "a\0y\0Uint8Array\x004\x000\0\u{100}\u{17f}\u{180}\u{1ff}\0";
        assert_eq!(Snapshot::read(written).bytes("a"), [0, 0x7f, 0x80, 0xff]);
        assert!(Snapshot::read(written).text("a").is_empty());
    }

    proptest! {
        #[test]
        fn any_texts_come_back(first in ".*", nuls in "[a\0]*", last in ".*") {
            let written = write(&json!({ "a": first, "b": nuls, "c": last }), "a b c");
            let read = Snapshot::read(&written);
            prop_assert_eq!([read.text("a"), read.text("b"), read.text("c")], [first, nuls, last]);
        }

        #[test]
        fn whole_numbers_come_back(number: i32) {
            let written = write(&json!({ "n": number }), "n");
            prop_assert_eq!(Snapshot::read(&written).get("n").number(), Some(number));
        }

        #[test]
        fn any_text_is_read_without_panic(written in "[\0a0-9-]*", other in ".*") {
            let _ = Snapshot::read(&written).bytes("a");
            let _ = Snapshot::read(&other);
        }
    }
}
