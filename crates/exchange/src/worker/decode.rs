//! Bytes of a text file to characters: the encoding is decided once, over the whole file, before a row is given out.

use std::io::{self, Read};

use encoding_rs::{DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use super::{Input, Stop};
use crate::refusal::Refused;

const CHUNK: usize = 64 * 1024;

/// Decides what the file is written in: a byte order mark, else strict UTF-8, else GB18030 that looks like Chinese.
///
/// # Errors
/// `Nul` with its line, `Encoding` when nothing fits without a single error.
pub(crate) fn encoding_of(input: &Input) -> Result<&'static Encoding, Stop> {
    let start = input.first_bytes(3)?;
    if let Some((encoding, _)) = Encoding::for_bom(&start) {
        return match decodes(input, encoding)? {
            true => Ok(encoding),
            false => Err(Refused::Encoding.into()),
        };
    }
    refuse_nul(input)?;
    if decodes(input, UTF_8)? {
        return Ok(UTF_8);
    }
    match decodes(input, GB18030)? && looks_chinese(input)? {
        true => Ok(GB18030),
        false => Err(Refused::Encoding.into()),
    }
}

/// Gives the file's text piece by piece with every line end as `\n`, without the byte order mark.
pub(crate) struct Decoded {
    input: Input,
    decoder: encoding_rs::Decoder,
    bytes: Vec<u8>,
    filled: usize,
    ended: bool,
    after_return: bool,
}

impl Decoded {
    pub fn new(input: &Input, encoding: &'static Encoding) -> Self {
        Self {
            input: input.again(),
            decoder: encoding.new_decoder_with_bom_removal(),
            bytes: vec![0; CHUNK],
            filled: 0,
            ended: false,
            after_return: false,
        }
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// `Encoding` when a byte does not belong to the encoding.
    pub fn next(&mut self) -> Result<Option<String>, Stop> {
        while !self.ended {
            let count = self.input.read(&mut self.bytes[self.filled..])?;
            let available = self.filled + count;
            let last = count == 0;
            let mut text = String::with_capacity(
                self.decoder.max_utf8_buffer_length_without_replacement(available).unwrap_or(CHUNK * 4),
            );
            let (result, used) =
                self.decoder.decode_to_string_without_replacement(&self.bytes[..available], &mut text, last);
            if matches!(result, DecoderResult::Malformed(..)) {
                return Err(Refused::Encoding.into());
            }
            self.bytes.copy_within(used..available, 0);
            self.filled = available - used;
            self.ended = last;
            if !text.is_empty() {
                return Ok(Some(self.with_plain_line_ends(text)));
            }
        }
        Ok(None)
    }

    fn with_plain_line_ends(&mut self, text: String) -> String {
        let had_return = std::mem::replace(&mut self.after_return, text.ends_with('\r'));
        if !had_return && !text.contains('\r') {
            return text;
        }
        let text = if had_return { text.strip_prefix('\n').unwrap_or(&text) } else { &text };
        text.replace("\r\n", "\n").replace('\r', "\n")
    }
}

fn decodes(input: &Input, encoding: &'static Encoding) -> Result<bool, Stop> {
    let mut decoded = Decoded::new(input, encoding);
    let mut lines = 1;
    loop {
        match decoded.next() {
            Ok(None) => return Ok(true),
            Ok(Some(text)) => match text.find('\0') {
                Some(at) => {
                    lines += newlines(&text[..at]);
                    return Err(Refused::Nul { line: lines }.into());
                }
                None => lines += newlines(&text),
            },
            Err(Stop::Refused(_)) => return Ok(false),
            Err(stop) => return Err(stop),
        }
    }
}

fn newlines(text: &str) -> u64 {
    text.bytes().filter(|byte| *byte == b'\n').count() as u64
}

fn refuse_nul(input: &Input) -> Result<(), Stop> {
    let (mut line, mut after_return) = (1, false);
    each_byte(input, |byte| {
        match byte {
            0 => return Err(Refused::Nul { line }.into()),
            b'\n' if after_return => {}
            b'\n' | b'\r' => line += 1,
            _ => {}
        }
        after_return = byte == b'\r';
        Ok(())
    })
}

/// Nearly any bytes decode as GB18030. Real Chinese text lives in the block of GB 2312 (both bytes from A1);
/// an accented Latin letter followed by a plain one falls outside it.
fn looks_chinese(input: &Input) -> Result<bool, Stop> {
    let (mut lead, mut pairs, mut common, mut hanzi) = (None, 0_u64, 0_u64, 0_u64);
    each_byte(input, |byte| {
        match (lead.take(), byte) {
            (None, 0x81..=0xfe) => lead = Some(byte),
            (None, _) => {}
            (Some(first), second) => {
                pairs += 1;
                common += u64::from((0xa1..=0xf7).contains(&first) && second >= 0xa1);
                hanzi += u64::from((0xb0..=0xf7).contains(&first) && second >= 0xa1);
            }
        }
        Ok(())
    })?;
    Ok(hanzi > 0 && common * 5 >= pairs * 4)
}

fn each_byte(input: &Input, mut look: impl FnMut(u8) -> Result<(), Stop>) -> Result<(), Stop> {
    let mut input = input.again();
    let mut bytes = vec![0; CHUNK];
    loop {
        let count = match input.read(&mut bytes) {
            Ok(0) => return Ok(()),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error.into()),
        };
        for byte in &bytes[..count] {
            look(*byte)?;
        }
    }
}

/// Name for people and for the header frame.
pub(crate) fn name(encoding: &'static Encoding) -> &'static str {
    match encoding {
        _ if encoding == UTF_16LE => "UTF-16LE",
        _ if encoding == UTF_16BE => "UTF-16BE",
        _ if encoding == GB18030 => "GB18030",
        _ => "UTF-8",
    }
}
