//! What files may be evidence. Anything else is refused: nothing here is ever run or shown by a browser as a page.

base::words! {
    /// Decided by the content; the name has to agree.
    Kind as "AttachmentKind", "attachment-kind-" {
        Jpeg = "jpeg",
        Png = "png",
        Webp = "webp",
        Gif = "gif",
        Heic = "heic",
        Pdf = "pdf",
        Xlsx = "xlsx",
        Docx = "docx",
        Txt = "txt",
        Csv = "csv",
        Mp3 = "mp3",
        M4a = "m4a",
        Amr = "amr",
        Mp4 = "mp4",
    }
}

impl Kind {
    /// Endings of names, the usual one first.
    pub fn endings(self) -> &'static [&'static str] {
        match self {
            Kind::Jpeg => &["jpg", "jpeg"],
            Kind::Png => &["png"],
            Kind::Webp => &["webp"],
            Kind::Gif => &["gif"],
            Kind::Heic => &["heic", "heif"],
            Kind::Pdf => &["pdf"],
            Kind::Xlsx => &["xlsx"],
            Kind::Docx => &["docx"],
            Kind::Txt => &["txt"],
            Kind::Csv => &["csv"],
            Kind::Mp3 => &["mp3"],
            Kind::M4a => &["m4a"],
            Kind::Amr => &["amr"],
            Kind::Mp4 => &["mp4"],
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Kind::Jpeg => "image/jpeg",
            Kind::Png => "image/png",
            Kind::Webp => "image/webp",
            Kind::Gif => "image/gif",
            Kind::Heic => "image/heic",
            Kind::Pdf => "application/pdf",
            Kind::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Kind::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            // Nobody has told the encoding, and a guess would be worse than none.
            Kind::Txt | Kind::Csv => "application/octet-stream",
            Kind::Mp3 => "audio/mpeg",
            Kind::M4a => "audio/mp4",
            Kind::Amr => "audio/amr",
            Kind::Mp4 => "video/mp4",
        }
    }

    /// The kind whose files end so; in lower case, without the dot.
    pub fn of_ending(ending: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.endings().contains(&ending))
    }
}

/// What a file chooser offers: `.jpg,.jpeg,.png,…`.
pub(crate) fn accepted() -> String {
    let endings = Kind::ALL.iter().flat_map(|kind| kind.endings());
    endings.map(|ending| format!(".{ending}")).collect::<Vec<_>>().join(",")
}
