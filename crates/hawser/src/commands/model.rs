//! `hawser model`: the statistics of a customer base for anybody's CSV. Needs no database.

pub mod arguments;
mod buying;
mod contracts;
mod purchases;
mod scores;
mod series;
mod survival;
mod table;
mod told;

use std::process::ExitCode;

use base::Message;
use serde_json::json;
use texts::Texts;

use super::{language, say};
use crate::cli::Common;
use arguments::Model;
use told::{Told, Words};

/// The file, or what it holds, is not as it must be.
const NOT_AS_IT_MUST_BE: u8 = 2;

pub fn run(common: &Common, model: &Model) -> ExitCode {
    let texts = match Texts::load([texts::locales!()]) {
        Ok(texts) => texts,
        Err(error) => {
            eprintln!("hawser: {error}");
            return ExitCode::FAILURE;
        }
    };
    let words = Words::new(&texts, language());
    match told(model, &words) {
        Ok(told) => {
            told.say(common.json);
            ExitCode::SUCCESS
        }
        Err(message) => {
            let sentence = texts.say(language(), &message);
            if common.json {
                let row =
                    message.args.iter().find(|(name, _)| name == "line").and_then(|(_, line)| line.parse::<u64>().ok());
                say(&json!({"error": {"code": "data", "detail": sentence, "line": row}}).to_string());
            }
            eprintln!("hawser: {sentence}");
            ExitCode::from(NOT_AS_IT_MUST_BE)
        }
    }
}

fn told(model: &Model, words: &Words) -> Result<Told, Message> {
    match model {
        Model::Bgnbd(asked) => buying::fit::<models::buying::BgNbd>("BG/NBD", asked, words),
        Model::Mbgnbd(asked) => buying::fit::<models::buying::MbgNbd>("MBG/NBD", asked, words),
        Model::Paretonbd(asked) => buying::fit::<models::buying::ParetoNbd>("Pareto/NBD", asked, words),
        Model::Gammagamma(asked) => buying::spend(asked, words),
        Model::Bgbb(asked) => contracts::seasons(asked, words),
        Model::Sbg(asked) => contracts::renewals(asked, words),
        Model::Rfm(asked) => scores::rfm(asked, words),
        Model::Abc(asked) => scores::abc(asked, words),
        Model::Lorenz(asked) => scores::lorenz(asked, words),
        Model::Recommendation(asked) => scores::recommendation(asked, words),
        Model::Satisfaction(asked) => scores::satisfaction(asked, words),
        Model::Effort(asked) => scores::effort(asked, words),
        Model::Importance(asked) => scores::importance(asked, words),
        Model::Wallet(asked) => scores::wallet(asked, words),
        Model::Km(asked) => survival::km(asked, words),
        Model::Logrank(asked) => survival::logrank(asked, words),
        Model::Cox(asked) => survival::cox(asked, words),
        Model::Forecast(asked) => series::forecast(asked, words),
        Model::Change(asked) => series::change(asked, words),
    }
}

#[cfg(test)]
#[path = "model/tests.rs"]
mod tests;
