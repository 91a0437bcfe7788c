//! What a file is, by its own bytes. Nothing is parsed or unpacked: the bytes pass once, whoever made them.

use encoding_rs::{Decoder, DecoderResult, GB18030, UTF_8};

use crate::kind::Kind;
use crate::rules::Refusal;

/// As far as anything is looked for at the beginning, bytes; browsers look at 1,445.
const HEAD: usize = 4096;
/// What parts of office files are called; the last two hold macros.
const MARKS: [&[u8]; 4] = [b"xl/workbook.xml", b"word/document.xml", b"vbaproject.bin", b"xl/macrosheets/"];
const LONGEST_MARK: usize = 17;

/// Sees a file pass.
pub(crate) struct Sniffer {
    head: Vec<u8>,
    /// The last bytes of the piece before, in which a mark may have begun.
    tail: Vec<u8>,
    marks: [bool; 4],
    utf8: Option<Decoder>,
    gb18030: Option<Decoder>,
    has_controls: bool,
}

impl Default for Sniffer {
    fn default() -> Self {
        Self {
            head: Vec::new(),
            tail: Vec::new(),
            marks: [false; 4],
            utf8: Some(UTF_8.new_decoder_with_bom_removal()),
            gb18030: Some(GB18030.new_decoder_without_bom_handling()),
            has_controls: false,
        }
    }
}

impl Sniffer {
    pub fn take(&mut self, piece: &[u8]) {
        let room = HEAD.saturating_sub(self.head.len());
        self.head.extend(piece.iter().take(room));
        if self.head.starts_with(ZIP) {
            self.look_for_marks(piece);
            return;
        }
        self.has_controls = self.has_controls || piece.iter().any(|byte| is_control(*byte));
        for decoder in [&mut self.utf8, &mut self.gb18030] {
            if self.has_controls || decoder.as_mut().is_some_and(|one| !decodes(one, piece, false)) {
                *decoder = None;
            }
        }
    }

    /// The kinds that the bytes can be; the name says which.
    ///
    /// # Errors
    /// What it is, when that may not be evidence.
    pub fn content(mut self) -> Result<&'static [Kind], Refusal> {
        let head = std::mem::take(&mut self.head);
        if head.starts_with(ZIP) {
            return self.office();
        }
        if let Some(kinds) = by_signature(&head).or_else(|| in_media_container(&head)) {
            return Ok(kinds);
        }
        if [b"Rar!".as_slice(), b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ"]
            .iter()
            .any(|it| head.starts_with(it))
        {
            return Err(Refusal::Archive);
        }
        if head.starts_with(b"\xd0\xcf\x11\xe0") {
            return Err(Refusal::OldOffice);
        }
        if looks_like_page(&head) {
            return Err(Refusal::WebPage);
        }
        if head.starts_with(b"#!") {
            return Err(Refusal::Program);
        }
        let whole = |decoder: Option<Decoder>| decoder.is_some_and(|mut one| decodes(&mut one, &[], true));
        if whole(self.utf8) || whole(self.gb18030) {
            return Ok(&[Kind::Txt, Kind::Csv]);
        }
        let programs = [b"MZ".as_slice(), b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe"];
        match programs.iter().any(|it| head.starts_with(it)) {
            true => Err(Refusal::Program),
            false => Err(Refusal::Unknown),
        }
    }

    /// The names of the parts stand in the file as they are, whatever is packed behind them.
    fn look_for_marks(&mut self, piece: &[u8]) {
        let mut seen = std::mem::take(&mut self.tail);
        seen.extend_from_slice(piece);
        for (found, mark) in self.marks.iter_mut().zip(MARKS) {
            *found = *found || seen.windows(mark.len()).any(|here| here.eq_ignore_ascii_case(mark));
        }
        self.tail = seen.split_off(seen.len().saturating_sub(LONGEST_MARK));
    }

    fn office(&self) -> Result<&'static [Kind], Refusal> {
        match self.marks {
            [_, _, true, _] | [_, _, _, true] => Err(Refusal::Macros),
            // One may be embedded in the other.
            [true, true, ..] => Ok(&[Kind::Xlsx, Kind::Docx]),
            [true, false, ..] => Ok(&[Kind::Xlsx]),
            [false, true, ..] => Ok(&[Kind::Docx]),
            _ => Err(Refusal::Archive),
        }
    }
}

const ZIP: &[u8] = b"PK\x03\x04";

fn by_signature(head: &[u8]) -> Option<&'static [Kind]> {
    let begins = |signature: &[u8]| head.starts_with(signature);
    let later = |at: usize, signature: &[u8]| head.get(at..).is_some_and(|rest| rest.starts_with(signature));
    if begins(b"\xff\xd8\xff") {
        Some(&[Kind::Jpeg])
    } else if begins(b"\x89PNG\r\n\x1a\n") && later(12, b"IHDR") {
        Some(&[Kind::Png])
    } else if begins(b"GIF87a") || begins(b"GIF89a") {
        Some(&[Kind::Gif])
    } else if begins(b"RIFF") && later(8, b"WEBP") {
        Some(&[Kind::Webp])
    } else if begins(b"%PDF-") {
        Some(&[Kind::Pdf])
    } else if begins(b"#!AMR") {
        Some(&[Kind::Amr])
    } else if begins(b"ID3") || is_mp3_frame(head) {
        Some(&[Kind::Mp3])
    } else {
        None
    }
}

/// A frame of layer III with a bit rate and a sampling rate that exist (ISO/IEC 11172-3, 2.4.2.3).
fn is_mp3_frame(head: &[u8]) -> bool {
    let &[0xff, second, third, ..] = head else { return false };
    second & 0xe6 == 0xe2 && !matches!(third >> 4, 0 | 15) && third & 0x0c != 0x0c
}

/// The brands of an ISO base media file (ISO/IEC 14496-12, 4.3).
fn in_media_container(head: &[u8]) -> Option<&'static [Kind]> {
    let size: [u8; 4] = head.get(..4)?.try_into().ok()?;
    let size = usize::try_from(u32::from_be_bytes(size)).ok()?;
    if head.get(4..8)? != b"ftyp" {
        return None;
    }
    let brands: Vec<&[u8]> = head.get(8..size.min(head.len()))?.chunks_exact(4).collect();
    let any = |wanted: &[&[u8; 4]]| brands.iter().any(|brand| wanted.iter().any(|one| *brand == one.as_slice()));
    if any(&[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"]) {
        return Some(&[Kind::Heic]);
    }
    if brands.first().is_some_and(|brand| *brand == b"M4A " || *brand == b"M4B ") {
        return Some(&[Kind::M4a]);
    }
    let films: [&[u8; 4]; 12] =
        [b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV", b"dash", b"3gp4"];
    // Recorders write speech under the brands of films.
    any(&films).then_some(&[Kind::Mp4, Kind::M4a])
}

/// What a browser might take for a page, whatever its name.
fn looks_like_page(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    let text = text.trim_start_matches(|c: char| c == '\u{feff}' || c.is_whitespace() || c.is_control());
    let tags = ["<html", "<script", "<svg", "<head", "<body", "<iframe", "<!doctype"];
    text.starts_with("<!") || text.starts_with("<?") || tags.iter().any(|tag| text.contains(tag))
}

/// Of all control characters plain text has only these: tab, line feed, form feed, carriage return, and the end that
/// old programs write.
fn is_control(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\t' | b'\n' | 0x0c | b'\r' | 0x1a) || byte == 0x7f
}

fn decodes(decoder: &mut Decoder, mut bytes: &[u8], is_last: bool) -> bool {
    let mut room = [0_u8; 4096];
    loop {
        let (result, read, _) = decoder.decode_to_utf8_without_replacement(bytes, &mut room, is_last);
        bytes = bytes.get(read..).unwrap_or_default();
        match result {
            DecoderResult::InputEmpty => return true,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In pieces of every size, because nobody knows how it arrives.
    fn content(bytes: &[u8]) -> Result<&'static [Kind], Refusal> {
        let in_pieces = |size: usize| {
            let mut sniffer = Sniffer::default();
            bytes.chunks(size).for_each(|piece| sniffer.take(piece));
            sniffer.content()
        };
        let whole = in_pieces(bytes.len().max(1));
        for size in [1, 2, 7, 4096] {
            assert_eq!(in_pieces(size), whole, "pieces of {size}");
        }
        whole
    }

    #[test]
    fn evidence_is_known_by_its_first_bytes() {
        let all: [(&[u8], &[Kind]); 14] = [
            (b"\xff\xd8\xff\xe0\x00\x10JFIF", &[Kind::Jpeg]),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", &[Kind::Png]),
            (b"GIF89a\x01\0", &[Kind::Gif]),
            (b"RIFF\x24\0\0\0WEBPVP8 ", &[Kind::Webp]),
            (b"%PDF-1.7\n%\xe2\xe3", &[Kind::Pdf]),
            (b"#!AMR\n\x3c", &[Kind::Amr]),
            (b"ID3\x04\0\0", &[Kind::Mp3]),
            (b"\xff\xfb\x90\x64\0", &[Kind::Mp3]),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", &[Kind::Heic]),
            (b"\0\0\0\x18ftypM4A \0\0\0\0M4A isom", &[Kind::M4a]),
            (b"\0\0\0\x18ftypmp42\0\0\0\0isommp42", &[Kind::Mp4, Kind::M4a]),
            (b"PK\x03\x04......[Content_Types].xml..xl/workbook.xml", &[Kind::Xlsx]),
            (b"PK\x03\x04......word/document.xml..", &[Kind::Docx]),
            ("运单,破损\n1,是\n".as_bytes(), &[Kind::Txt, Kind::Csv]),
        ];
        for (bytes, kinds) in all {
            assert_eq!(content(bytes), Ok(kinds), "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn what_is_no_evidence_is_named() {
        let all: [(&[u8], Refusal); 15] = [
            (b"<!DOCTYPE html><p>", Refusal::WebPage),
            (b"\xef\xbb\xbf \n<svg xmlns='http://www.w3.org/2000/svg'>", Refusal::WebPage),
            (b"<?xml version='1.0'?><svg/>", Refusal::WebPage),
            (b"see <ScRiPt>alert(1)</script>", Refusal::WebPage),
            (b"\0\0<html>", Refusal::WebPage),
            (b"MZ\x90\0\x03", Refusal::Program),
            (b"\x7fELF\x02", Refusal::Program),
            (b"#!/bin/sh\nrm", Refusal::Program),
            (b"PK\x03\x04......a.txt", Refusal::Archive),
            (b"PK\x05\x06\0\0", Refusal::Unknown),
            (b"Rar!\x1a\x07", Refusal::Archive),
            (b"PK\x03\x04..xl/workbook.xml..xl/VBAPROJECT.bin", Refusal::Macros),
            (b"PK\x03\x04..xl/workbook.xml..xl/macrosheets/sheet1.xml", Refusal::Macros),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Refusal::OldOffice),
            (b"a,b\0c", Refusal::Unknown),
        ];
        for (bytes, refusal) in all {
            assert_eq!(content(bytes), Err(refusal), "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn text_of_older_programs_is_text_and_half_a_character_is_not() {
        assert_eq!(content(b"\xd4\xcb\xb5\xa5,\xc6\xc6\xcb\xf0\r\n"), Ok([Kind::Txt, Kind::Csv].as_slice()));
        assert_eq!(content(b"text \xff\xff\xff"), Err(Refusal::Unknown));
    }
}
