//! What people read of files: every field and every closed word has a text.

use customers::customer::{RelationType, Size};
use customers::interaction::{InteractionKind, Outcome};
use customers::{CustomerImport, InteractionImport};
use module::ImportKind;

#[test]
fn every_field_and_every_closed_word_of_a_file_has_a_text() {
    let [chinese, english] = [include_str!("../../locales/zh-CN.ftl"), include_str!("../../locales/en.ftl")];
    let texts = texts::Texts::load([texts::Locales { chinese, english }]).unwrap();
    let mut keys: Vec<String> = Vec::new();
    for kind in [&CustomerImport as &dyn ImportKind, &InteractionImport] {
        keys.extend(kind.fields().iter().map(|field| format!("import-field-{}-{}", kind.name(), field.name)));
    }
    let sizes = Size::ALL.iter().map(|one| one.word());
    keys.extend(sizes.map(|word| format!("import-word-customers-size-{word}")));
    let relations = RelationType::ALL.iter().map(|one| one.word());
    keys.extend(relations.map(|word| format!("import-word-customers-relation_type-{word}")));
    let kinds = InteractionKind::ALL.iter().map(|one| one.word());
    keys.extend(kinds.map(|word| format!("import-word-interactions-kind-{word}")));
    let outcomes = Outcome::ALL.iter().map(|one| one.word());
    keys.extend(outcomes.map(|word| format!("import-word-interactions-outcome-{word}")));
    for key in keys {
        let text = texts.get(base::Language::Chinese, &key);
        assert!(texts.has(&key) && !text.is_ascii(), "{key}: {text}");
    }
}
