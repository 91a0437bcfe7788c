//! Rust source as a flat list of tokens: comments are gone, strings are whole, lines are known.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Word(String),
    /// A string literal without its quotes; escapes stay as written.
    Text(String),
    /// Numbers and characters.
    Other(String),
    Mark(char),
    Open(char),
    Close(char),
}

#[derive(Clone, Debug)]
pub struct Token {
    pub kind: Kind,
    pub line: usize,
    /// Inside `#[cfg(test)] mod … { }`.
    pub in_test: bool,
}

impl Token {
    pub fn is_word(&self, word: &str) -> bool {
        matches!(&self.kind, Kind::Word(found) if found == word)
    }

    pub fn is_mark(&self, mark: char) -> bool {
        self.kind == Kind::Mark(mark)
    }

    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// Nothing when the compiler would not read it either; then the compiler says why.
pub fn tokens(source: &str) -> Vec<Token> {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let mut all = Vec::new();
    if let Ok(stream) = source.parse::<TokenStream>() {
        flatten(stream, false, &mut all);
    }
    all
}

fn flatten(stream: TokenStream, in_test: bool, all: &mut Vec<Token>) {
    let trees: Vec<TokenTree> = stream.into_iter().collect();
    let mut skip = 0;
    let mut test_next = false;
    for (index, tree) in trees.iter().enumerate() {
        if skip > 0 {
            skip -= 1;
            continue;
        }
        if is_doc_comment(&trees[index..]) {
            skip = doc_length(&trees[index..]) - 1;
            continue;
        }
        let line = tree.span().start().line;
        match tree {
            TokenTree::Group(group) => {
                let attribute =
                    index > 0 && matches!(&trees[index - 1], TokenTree::Punct(mark) if mark.as_char() == '#');
                let in_test = in_test || (test_next && group.delimiter() == Delimiter::Brace);
                let (open, close) = delimiters(group.delimiter());
                all.push(Token { kind: Kind::Open(open), line, in_test });
                flatten(group.stream(), in_test, all);
                let end = group.span_close().end().line;
                all.push(Token { kind: Kind::Close(close), line: end, in_test });
                test_next = (test_next && group.delimiter() != Delimiter::Brace)
                    || (attribute && group.stream().to_string().replace(' ', "").starts_with("cfg(test)"));
            }
            TokenTree::Ident(word) => all.push(Token { kind: Kind::Word(word.to_string()), line, in_test }),
            TokenTree::Punct(mark) => {
                test_next &= mark.as_char() != ';';
                all.push(Token { kind: Kind::Mark(mark.as_char()), line, in_test });
            }
            TokenTree::Literal(literal) => all.push(Token { kind: literal_kind(&literal.to_string()), line, in_test }),
        }
    }
}

fn delimiters(delimiter: Delimiter) -> (char, char) {
    match delimiter {
        Delimiter::Parenthesis => ('(', ')'),
        Delimiter::Bracket => ('[', ']'),
        Delimiter::Brace => ('{', '}'),
        Delimiter::None => (' ', ' '),
    }
}

/// The compiler turns `/// text` into `#[doc = "text"]`; for us it stays a comment.
fn is_doc_comment(trees: &[TokenTree]) -> bool {
    doc_length(trees) > 0
}

fn doc_length(trees: &[TokenTree]) -> usize {
    if !matches!(trees.first(), Some(TokenTree::Punct(mark)) if mark.as_char() == '#') {
        return 0;
    }
    let at = if matches!(trees.get(1), Some(TokenTree::Punct(mark)) if mark.as_char() == '!') { 2 } else { 1 };
    match trees.get(at) {
        Some(TokenTree::Group(group)) if group.stream().to_string().starts_with("doc =") => at + 1,
        _ => 0,
    }
}

fn literal_kind(written: &str) -> Kind {
    let quoted = written.trim_start_matches(['b', 'c', 'r', '#']);
    match quoted.strip_prefix('"') {
        Some(inner) => Kind::Text(inner.trim_end_matches('#').trim_end_matches('"').to_owned()),
        None => Kind::Other(written.to_owned()),
    }
}

/// Where `pattern` stands in the tokens, each item a word or a single mark such as `:` or `(`.
pub fn places(tokens: &[Token], pattern: &[&str]) -> Vec<usize> {
    let same = |token: &Token, item: &&str| match &token.kind {
        Kind::Word(word) => word == item,
        Kind::Mark(mark) | Kind::Open(mark) | Kind::Close(mark) => item.chars().eq([*mark]),
        Kind::Text(_) | Kind::Other(_) => false,
    };
    (0..tokens.len().saturating_sub(pattern.len() - 1))
        .filter(|&at| tokens[at..].iter().zip(pattern).all(|(token, item)| same(token, item)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_gone_and_strings_are_whole() {
        let found = tokens("/// say \"no\"\nfn f() { g(\"a b\", r#\"c\"#, 'd') } // todo");
        let texts: Vec<&str> = found.iter().filter_map(Token::text).collect();
        assert_eq!(texts, ["a b", "c"]);
        assert!(places(&found, &["todo"]).is_empty());
    }

    #[test]
    fn the_tests_of_a_file_are_marked() {
        let found = tokens("fn a() {}\n#[cfg(test)]\nmod tests { fn b() {} }\nfn c() {}");
        let marked = |word: &str| found.iter().find(|token| token.is_word(word)).unwrap().in_test;
        assert_eq!([marked("a"), marked("b"), marked("c")], [false, true, false]);
    }

    #[test]
    fn a_pattern_is_found_with_its_line() {
        let found = tokens("\nlet x = Utc::now();");
        let at = places(&found, &["Utc", ":", ":", "now"]);
        assert_eq!(found[at[0]].line, 2);
    }
}
