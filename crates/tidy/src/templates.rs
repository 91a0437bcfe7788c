//! What the content policy forbids, what escapes nothing, and text that nobody can translate.

use crate::{Finding, has_cjk};

/// Product names; the same in every language.
const NAMES: [&str; 1] = ["Hawser"];

#[derive(Debug, Default)]
struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
    line: usize,
    /// Byte offset behind the `>`.
    end: usize,
}

pub fn problems(path: &str, source: &str) -> Vec<Finding> {
    let (markup, expressions) = without_expressions(source);
    let tags = tags(&markup);
    let mut found = Vec::new();
    let at = |line: usize, advice: &str| Finding::at(path, line, advice);
    for (line, expression) in &expressions {
        let code = expression.replace(' ', "");
        if code.contains("|safe") || code.contains("escape(\"none\")") || code.contains("autoescape") {
            found.push(at(*line, "escapes nothing: let askama escape, or make the markup a template of its own"));
        }
    }
    for tag in &tags {
        found.extend(attribute_problems(tag).into_iter().map(|advice| at(tag.line, advice)));
        found.extend(element_problem(tag, source, &markup).map(|advice| at(tag.line, advice)));
    }
    found.extend(
        untranslated(&markup, &tags)
            .into_iter()
            .map(|(line, text)| at(line, &format!("says \"{text}\" in one language only: use a text key"))),
    );
    found
}

fn attribute_problems(tag: &Tag) -> Vec<&'static str> {
    let mut found = Vec::new();
    for (name, value) in &tag.attributes {
        let value = value.trim().to_lowercase();
        if name == "style" {
            found.push("has a style attribute, which the content policy refuses: use a class");
        }
        if name.starts_with("on") || name.starts_with("hx-on") {
            found.push("has an inline handler, which the content policy refuses: put it into our script");
        }
        if value.starts_with("javascript:") || value.starts_with("js:") {
            found.push("runs script from an attribute, which the content policy refuses: put it into our script");
        }
        if name.starts_with("hx-trigger") && value.contains('[') {
            found.push("filters a trigger, which needs eval and fails closed: decide in our script");
        }
    }
    found
}

fn element_problem(tag: &Tag, source: &str, markup: &str) -> Option<&'static str> {
    let inside = |text: &str| {
        let rest = text.get(tag.end..).unwrap_or_default();
        let close = rest.to_lowercase().find(&format!("</{}", tag.name)).unwrap_or(rest.len());
        rest.get(..close).unwrap_or_default().to_owned()
    };
    let has = |name: &str, value: &str| tag.attributes.iter().any(|(n, v)| n == name && v.eq_ignore_ascii_case(value));
    // An upload carries its token in the address, so that a forged one is refused before its file is read.
    let in_address = has("enctype", "multipart/form-data")
        && tag.attributes.iter().any(|(name, value)| name == "action" && value.contains("csrf="));
    match tag.name.as_str() {
        "style" => Some("holds styles, which the content policy refuses: put them into our style sheet"),
        "script" if !inside(source).trim().is_empty() || !markup_has_src(tag) => {
            Some("holds script, which the content policy refuses: put it into our script")
        }
        "form" if has("method", "post") && !in_address && !inside(source).contains("csrf") => {
            Some("posts without the csrf field: add it as the form's first child")
        }
        "form" if has("method", "post") && markup.get(tag.end..).is_none_or(|rest| !rest.contains("</form")) => {
            Some("is not closed in this file: keep a form in one template")
        }
        _ => None,
    }
}

fn markup_has_src(tag: &Tag) -> bool {
    tag.attributes.iter().any(|(name, _)| name == "src")
}

/// Askama's parts replaced by spaces, so that places stay; and the parts with their lines. Comments just go.
fn without_expressions(source: &str) -> (String, Vec<(usize, String)>) {
    let mut markup = String::with_capacity(source.len());
    let mut parts = Vec::new();
    let mut rest = source;
    while let Some(start) = ["{{", "{%", "{#", "<!--"].iter().filter_map(|open| rest.find(open)).min() {
        let (before, part) = rest.split_at(start);
        markup.push_str(before);
        let close = if part.starts_with("{{") {
            "}}"
        } else if part.starts_with("{%") {
            "%}"
        } else if part.starts_with("{#") {
            "#}"
        } else {
            "-->"
        };
        let length = part.find(close).map_or(part.len(), |end| end + close.len());
        let (part, after) = part.split_at(length);
        if part.starts_with("{{") || part.starts_with("{%") {
            parts.push((1 + markup.matches('\n').count(), part.to_owned()));
        }
        markup.extend(part.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
        rest = after;
    }
    markup.push_str(rest);
    (markup, parts)
}

fn tags(markup: &str) -> Vec<Tag> {
    let mut all = Vec::new();
    let mut from = 0;
    while let Some(start) = markup.get(from..).and_then(|rest| rest.find('<')).map(|at| from + at) {
        let end = tag_end(markup, start);
        let written = markup.get(start + 1..end).unwrap_or_default();
        if written.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let line = 1 + markup.get(..start).unwrap_or_default().matches('\n').count();
            all.push(Tag { line, end: end + 1, ..tag(written) });
        }
        from = end.max(start + 1);
    }
    all
}

/// Quotes may hide a `>`.
fn tag_end(markup: &str, start: usize) -> usize {
    let mut quote = None;
    for (at, c) in markup.char_indices().skip_while(|(at, _)| *at < start) {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (None, '>') => return at,
            (Some(open), _) if open == c => quote = None,
            _ => {}
        }
    }
    markup.len()
}

fn tag(written: &str) -> Tag {
    let written = written.trim_end_matches('/');
    let name: String = written.chars().take_while(|c| !c.is_whitespace()).collect();
    let mut attributes = Vec::new();
    let mut rest = written.get(name.len()..).unwrap_or_default().trim_start();
    while !rest.is_empty() {
        let end = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
        let (attribute, after) = rest.split_at(end);
        let (value, after) = match after.trim_start().strip_prefix('=') {
            Some(after) => value(after.trim_start()),
            None => ("", after),
        };
        attributes.push((attribute.to_lowercase(), value.to_owned()));
        let step = if attribute.is_empty() && value.is_empty() { 1 } else { 0 };
        rest = after.get(step..).unwrap_or_default().trim_start();
    }
    Tag { name: name.to_lowercase(), attributes, ..Tag::default() }
}

fn value(after: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(quoted) = after.strip_prefix(quote) {
            return quoted.split_once(quote).unwrap_or((quoted, ""));
        }
    }
    after.split_at(after.find(char::is_whitespace).unwrap_or(after.len()))
}

/// Letters that a reader sees: between tags, and in attributes that are read aloud.
fn untranslated(markup: &str, tags: &[Tag]) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for tag in tags {
        let read = ["title", "placeholder", "alt", "aria-label", "aria-description"];
        let shown = tag.attributes.iter().filter(|(name, _)| read.contains(&name.as_str()));
        found.extend(shown.filter(|(_, value)| is_text(value)).map(|(_, value)| (tag.line, value.trim().to_owned())));
        if matches!(tag.name.as_str(), "script" | "style" | "kbd" | "code") {
            continue;
        }
        let rest = markup.get(tag.end..).unwrap_or_default();
        let text = rest.split('<').next().unwrap_or_default();
        if is_text(text) {
            found.push((tag.line, text.trim().to_owned()));
        }
    }
    found
}

fn is_text(text: &str) -> bool {
    let mut plain = String::new();
    for (index, part) in text.split('&').enumerate() {
        plain.push_str(if index == 0 { part } else { part.split_once(';').map_or(part, |(_, after)| after) });
    }
    let plain = NAMES.iter().fold(plain, |text, name| text.replace(name, ""));
    let word = |word: &str| word.chars().filter(|c| c.is_alphabetic()).count() > 1;
    has_cjk(&plain) || plain.split_whitespace().any(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_content_policy_refuses_is_found() {
        for bad in [
            "<p style=\"color:red\"></p>",
            "<a onclick='x()'></a>",
            "<a hx-on:click=\"x()\"></a>",
            "<a href=\"javascript:x()\"></a>",
            "<a hx-vals='js:{a: 1}'></a>",
            "<a hx-trigger=\"keyup[key=='e']\"></a>",
            "<script>x()</script>",
            "<script></script>",
            "<style>p {}</style>",
            "<p>{{ note|safe }}</p>",
            "<p>{{ note | safe }}</p>",
            "<form method=\"post\"><button></button></form>",
            "<form method=\"POST\" action=\"{{ url(\"a\") }}\"></form>",
        ] {
            assert_eq!(problems("a.html", bad).len(), 1, "{bad}: {:?}", problems("a.html", bad));
        }
    }

    #[test]
    fn a_good_page_passes() {
        let good = "{# 注 style=\"\" #}<form method=\"post\" action=\"/a\">\n{% call csrf() %}{% endcall %}\n\
                    <input name=\"on\" placeholder=\"{{ t(\"a-b\") }}\" {% if x > 1 %}checked{% endif %}>\
                    <button hx-trigger=\"click\">{{ t(\"save\") }}&nbsp;·</button></form>\
                    <script src=\"{{ asset(\"a.js\") }}\" defer></script><kbd>Ctrl</kbd><b>Hawser</b> <i>J</i>";
        assert_eq!(problems("a.html", good), []);
    }

    #[test]
    fn text_in_one_language_is_found_with_its_line() {
        assert_eq!(problems("a.html", "<p>\n</p>\n<b>Save</b>")[0].place, "a.html:3");
        assert_eq!(problems("a.html", "<b>{{ x }} 保存</b>").len(), 1);
        assert_eq!(problems("a.html", "<input placeholder=\"Name\">").len(), 1);
    }
}
