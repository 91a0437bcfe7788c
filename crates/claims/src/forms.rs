//! What comes in, from people and from programs. Amounts are plain decimal text of the claim's currency.

use base::{Currency, CustomerId, Day, UserId};
use exceptions::exception::{Kind, Liable};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::claim::Decision;

/// A claim as it comes in: about an exception, or about a waybill of the customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimDraft {
    /// Id of the exception; says also whose it is and which shipment.
    #[serde(default)]
    pub exception: Option<String>,
    /// Needed without an exception.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub customer: Option<CustomerId>,
    /// Needed without an exception.
    #[serde(default)]
    pub waybill: String,
    /// The exception's when absent.
    #[serde(default)]
    pub kind: Option<Kind>,
    /// What happened to which goods.
    pub what: String,
    /// Of the goods concerned; empty when nobody knows it.
    #[serde(default)]
    pub value: String,
    /// What the customer asks for.
    pub asked: String,
    /// The reporting currency when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub currency: Option<Currency>,
    /// The exception's when absent, or open.
    #[serde(default)]
    pub liable: Option<Liable>,
}

/// Other amounts than those it was raised with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = ClaimAmounts)]
#[serde(deny_unknown_fields)]
pub struct AmountsDraft {
    #[serde(default)]
    pub value: String,
    pub asked: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = ClaimDecisionDraft)]
#[serde(deny_unknown_fields)]
pub struct DecisionDraft {
    pub decision: Decision,
    /// What is accepted, for a part.
    #[serde(default)]
    pub amount: String,
    /// Needed unless all of it is accepted.
    #[serde(default)]
    pub reason: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = ClaimPayment)]
#[serde(deny_unknown_fields)]
pub struct PaymentDraft {
    /// Today when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub on: Option<Day>,
    /// Of the transfer, credit note or cheque.
    #[serde(default)]
    pub reference: String,
}

/// We ask the carrier or his insurer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = ClaimRecoveryDraft)]
#[serde(deny_unknown_fields)]
pub struct RecoveryDraft {
    pub from: String,
    pub amount: String,
    /// Today when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub on: Option<Day>,
}

/// Something came back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = ClaimRecovered)]
#[serde(deny_unknown_fields)]
pub struct RecoveredDraft {
    /// Of this time; what came before is added.
    pub amount: String,
    /// Today when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub on: Option<Day>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = ClaimBlame)]
#[serde(deny_unknown_fields)]
pub struct BlameDraft {
    pub liable: Liable,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = ClaimReason)]
#[serde(deny_unknown_fields)]
pub struct ReasonDraft {
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = ClaimHandover)]
#[serde(deny_unknown_fields)]
pub struct HandOverDraft {
    /// Id of the user.
    #[schema(value_type = String)]
    pub owner: UserId,
}
