//! How a page can be looked at.

#[derive(Clone, Copy, Debug)]
pub struct Look {
    pub theme: &'static str,
    pub language: &'static str,
}

impl Look {
    pub fn name(self) -> String {
        format!("{} {}", self.theme, self.language)
    }

    /// Enough for the states of a page whose open state is seen in every look.
    pub fn is_enough(self) -> bool {
        matches!((self.theme, self.language), ("light", "zh-CN" | PSEUDO) | ("dark", "en"))
    }

    /// The one look for checks that do not depend on the look.
    pub fn is_plain(self) -> bool {
        self.theme == "light" && self.language == "en"
    }
}

/// English 40 % longer: shows what has no room.
pub const PSEUDO: &str = "qps";

/// Each is one load of the page; the window changes its width without another.
pub const LOOKS: [Look; 5] = [
    Look { theme: "light", language: "zh-CN" },
    Look { theme: "dark", language: "zh-CN" },
    Look { theme: "light", language: "en" },
    Look { theme: "dark", language: "en" },
    Look { theme: "light", language: PSEUDO },
];

/// Width and height of an office screen and of a phone, in CSS pixels.
pub const WINDOWS: [(u32, u32); 2] = [(1366, 768), (390, 844)];
