use access::RoleId;
use base::Money;
use sea_orm::entity::prelude::*;

/// How much the holders of a role may grant alone, of one kind.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "approval_limits")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub role_id: RoleId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    /// Whole units of the reporting currency; nothing: without limit.
    pub most: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}

/// What somebody may grant alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authority {
    /// In the reporting currency; 0 grants nothing.
    UpTo(Money),
    Unlimited,
}

impl Authority {
    /// `worth`: in the reporting currency; `None` when nobody knows, which only whoever has no limit may grant.
    pub fn covers(self, worth: Option<Money>) -> bool {
        match (self, worth) {
            (Authority::Unlimited, _) => true,
            (Authority::UpTo(most), Some(worth)) => most.currency == worth.currency && worth.minor <= most.minor,
            (Authority::UpTo(_), None) => false,
        }
    }
}
