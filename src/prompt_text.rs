//! The words of the prompt, in the languages it speaks.

/// All that the prompt says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PromptText {
    /// The BCP 47 tag of the words, for screen readers.
    pub lang: &'static str,
    /// The heading.
    pub title: &'static str,
    /// What to do now.
    pub hint: &'static str,
    /// The button that ends the ceremony.
    pub cancel: &'static str,
    /// The button that the browser wants clicked first.
    pub proceed: &'static str,
}

const ENGLISH: PromptText = PromptText {
    lang: "en",
    title: "Verify it’s you",
    hint: "Follow the steps shown by your device.",
    cancel: "Cancel",
    proceed: "Continue",
};

const SIMPLIFIED_CHINESE: PromptText = PromptText {
    lang: "zh-Hans",
    title: "请验证身份",
    hint: "请按设备的提示完成验证。",
    cancel: "取消",
    proceed: "继续",
};

const TRADITIONAL_CHINESE: PromptText = PromptText {
    lang: "zh-Hant",
    title: "請驗證身分",
    hint: "請依裝置的提示完成驗證。",
    cancel: "取消",
    proceed: "繼續",
};

impl PromptText {
    /// The words for a BCP 47 tag or one with underscores, English where it is none of the languages spoken.
    #[must_use]
    pub fn for_language(tag: &str) -> Self {
        let tag = tag.to_ascii_lowercase();
        let mut subtags = tag.split(['-', '_']);
        if subtags.next() != Some("zh") {
            return ENGLISH;
        }
        let subtags: Vec<&str> = subtags.collect();
        let has = |wanted: &[&str]| subtags.iter().any(|subtag| wanted.contains(subtag));
        if has(&["hant"]) || (!has(&["hans"]) && has(&["tw", "hk", "mo"])) {
            TRADITIONAL_CHINESE
        } else {
            SIMPLIFIED_CHINESE
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::PromptText;

    #[test]
    fn three_languages_are_told_apart() {
        let rows = [
            ("en", "en"),
            ("en-US", "en"),
            ("de", "en"),
            ("", "en"),
            ("zh", "zh-Hans"),
            ("zh-CN", "zh-Hans"),
            ("zh_CN", "zh-Hans"),
            ("zh-Hans-HK", "zh-Hans"),
            ("zh-TW", "zh-Hant"),
            ("zh-HK", "zh-Hant"),
            ("zh-Hant", "zh-Hant"),
            ("ZH-hant-CN", "zh-Hant"),
            ("zhx", "en"),
        ];
        for (tag, lang) in rows {
            assert_eq!(PromptText::for_language(tag).lang, lang, "{tag}");
        }
    }
}
