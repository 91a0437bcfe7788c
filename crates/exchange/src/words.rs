//! What an import tells, in the words of the reader: fields, closed words and reasons by their texts.

use base::{Error, FieldProblem, Language, Message};
use texts::Texts;

use crate::outcome::{Change, Problem, Replaced, Sentence};
use crate::refusal::shortened;
use crate::values::normal;

/// Between several values of one argument of a sentence, such as the words that are known.
pub(crate) const BETWEEN: &str = " / ";

/// Speaks of the records of one kind in one language.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    pub texts: &'a Texts,
    pub language: Language,
    /// `customers`, `shipments`, `interactions`.
    pub kind: &'a str,
}

impl Words<'_> {
    /// The field's name for people; its own name where no module gave it a text.
    pub fn field(&self, field: &str) -> String {
        self.known(&format!("import-field-{}-{field}", self.kind)).unwrap_or_else(|| field.to_owned())
    }

    /// One of the closed words of a field; any other text stays as it is.
    pub fn word(&self, field: &str, word: &str) -> String {
        let is_word = !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        let text = is_word.then(|| self.known(&format!("import-word-{}-{field}-{word}", self.kind)));
        text.flatten().unwrap_or_else(|| word.to_owned())
    }

    /// All closed words of a field, as a sentence lists them.
    pub fn words(&self, field: &str, words: &[&str]) -> String {
        words.iter().map(|word| self.word(field, word)).collect::<Vec<_>>().join(BETWEEN)
    }

    fn known(&self, key: &str) -> Option<String> {
        self.texts.has(key).then(|| self.texts.get(self.language, key))
    }

    /// A sentence about a field (empty: about a row or a file) whose arguments name fields and closed words.
    pub fn message(&self, field: &str, message: &Message) -> Message {
        let args = message.args.iter().map(|(name, value)| {
            let told = match name.as_str() {
                "field" => self.field(value),
                "known" | "expected" => {
                    let each = value.split(BETWEEN).map(|one| match self.word(field, one) {
                        same if same == one => self.field(one),
                        told => told,
                    });
                    each.collect::<Vec<_>>().join(BETWEEN)
                }
                _ => value.clone(),
            };
            (name.clone(), told)
        });
        Message { key: message.key.clone(), args: args.collect() }
    }

    pub fn say(&self, field: &str, sentence: &Sentence) -> String {
        self.texts.say(self.language, &self.message(field, &sentence.message()))
    }

    /// Everything about one problem in one sentence: the field, the file's column, what stands there, what is wrong.
    pub fn problem(&self, problem: &Problem) -> String {
        let reason = self.say(&problem.field, &problem.sentence);
        if problem.field.is_empty() {
            return reason;
        }
        let field = self.field(&problem.field);
        // Nobody wants to read “运单号（“运单号”列）”, nor the same text twice.
        let same_name = problem.column.is_empty() || normal(&problem.column) == normal(&field);
        let told = problem.value.is_empty() || reason.contains(&problem.value);
        let key = match (same_name, told) {
            (true, true) => "import-reason_of_field",
            (false, true) => "import-reason_of_column",
            (true, false) => "import-reason_of_value",
            (false, false) => "import-reason_of_column_value",
        };
        let args = [
            ("field", field),
            ("column", problem.column.clone()),
            ("value", problem.value.clone()),
            ("reason", reason),
        ];
        self.texts.with(self.language, key, &args)
    }

    /// One field of a record that becomes another; `-` stands for nothing.
    pub fn replaced(&self, replaced: &Replaced) -> [String; 3] {
        let value = |text: &str| match text {
            "" => self.texts.get(self.language, "import-nothing"),
            text => self.word(&replaced.field, text),
        };
        [self.field(&replaced.field), value(&replaced.before), value(&replaced.after)]
    }

    /// Every field that changes, in one sentence.
    pub fn change(&self, change: &Change) -> String {
        if change.values.is_empty() {
            return change.fields.iter().map(|field| self.field(field)).collect::<Vec<_>>().join(" · ");
        }
        let told = change.values.iter().map(|replaced| {
            let [field, before, after] = self.replaced(replaced);
            self.texts.with(
                self.language,
                "import-told_change",
                &[("field", field), ("before", before), ("after", after)],
            )
        });
        told.collect::<Vec<_>>().join(" · ")
    }

    /// What a reader sees of an error that names fields of this kind.
    #[must_use]
    pub fn error(&self, error: Error) -> Error {
        let told = |it: FieldProblem| FieldProblem { message: self.message(&it.field, &it.message), ..it };
        match error {
            Error::Invalid(problems) => Error::Invalid(problems.into_iter().map(told).collect()),
            other => other,
        }
    }
}

/// What people know a record by: `YD2026 · 2`.
pub(crate) fn shown_key(key: &[String]) -> String {
    shortened(&key.join(" · "))
}
