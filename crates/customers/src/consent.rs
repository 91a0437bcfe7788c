//! For what a contact's data may be used, and on what ground. Only ever added to: of one purpose the last one counts.

use base::UserId;
use sea_orm::entity::prelude::*;

use crate::contact::Channel;

base::words! {
    /// What we want to use the data for.
    Purpose as "ConsentPurpose", "contact-purpose-" {
        Business = "business",
        ServiceNotice = "service_notice",
        Satisfaction = "satisfaction",
        Care = "care",
        Marketing = "marketing",
    }
}

base::words! {
    ConsentAnswer, "contact-consent-" { Given = "given", Refused = "refused", Withdrawn = "withdrawn" }
}

base::words! {
    /// What makes the use lawful; Personal Information Protection Law, article 13.
    Basis as "ConsentBasis", "contact-basis-" {
        Consent = "consent",
        Contract = "contract",
        LegalDuty = "legal_duty",
        LegitimateRequest = "legitimate_request",
    }
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contact_consents")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub contact_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub purpose: Purpose,
    /// 1, 2, … within the purpose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub no: i64,
    pub answer: ConsentAnswer,
    /// Only of what was given.
    pub basis: Option<Basis>,
    /// How we learned it.
    pub channel: Channel,
    /// What proves it: a recording, a letter, a message.
    pub evidence: String,
    pub recorded_at: DateTimeUtc,
    pub recorded_by: String,
    pub recorded_by_id: Option<UserId>,
}

impl ActiveModelBehavior for ActiveModel {}

impl ConsentAnswer {
    /// Class suffix of `macros.html`.
    pub fn tone(self) -> &'static str {
        match self {
            ConsentAnswer::Given => "good",
            ConsentAnswer::Refused | ConsentAnswer::Withdrawn => "risk",
        }
    }
}
