//! A person at the customer's whom we talk to.

use base::CustomerId;
use sea_orm::entity::prelude::*;

use crate::contacts::birthday::Birthday;

base::ids! { ContactId }

base::words! {
    /// What somebody is who hands over goods; it decides what he cares about.
    Identity as "ContactIdentity", "contact-identity-" {
        President = "president",
        PrivateOwner = "private_owner",
        LogisticsStaff = "logistics_staff",
        Driver = "driver",
        Other = "other",
    }
}

base::words! {
    /// A way to reach a contact, or the way on which he said something.
    Channel as "ContactChannel", "contact-channel-" {
        Mobile = "mobile",
        Phone = "phone",
        Message = "message",
        WeChat = "wechat",
        Email = "email",
        InPerson = "in_person",
        Paper = "paper",
    }
}

base::words! {
    BirthdayCalendar, "contact-birthday-" { Solar = "solar", Lunar = "lunar" }
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contacts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub customer_id: CustomerId,
    pub name: String,
    /// Where the name stands in a list; see `texts::pinyin::sort_key`.
    pub sort_name: String,
    /// How we address him: 张总, 王工.
    pub honorific: String,
    pub post: String,
    /// Of the customer's firm.
    pub department: String,
    pub identity: Option<Identity>,
    pub personality: String,
    /// A list of texts.
    pub hobbies: Json,
    /// What to avoid.
    pub avoid: String,
    pub birthday_calendar: Option<BirthdayCalendar>,
    pub birthday_year: Option<i64>,
    pub birthday_month: Option<i64>,
    pub birthday_day: Option<i64>,
    /// In the leap month that follows the lunar month of this number.
    pub birthday_leap: bool,
    pub mobile: String,
    pub phone: String,
    pub email: String,
    pub wechat: String,
    pub preferred_channel: Option<Channel>,
    /// Days between two times at which he wants to hear from us.
    pub inform_every_days: Option<i64>,
    pub notes: String,
    /// When somebody last made sure that all of this is still so.
    pub verified_at: Option<DateTimeUtc>,
    pub verified_by: String,
    /// When he was found to have left the firm; he stays on file.
    pub archived_at: Option<DateTimeUtc>,
    pub archived_by: String,
    pub created_at: DateTimeUtc,
    pub created_by: String,
    pub updated_at: DateTimeUtc,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn contact_id(&self) -> ContactId {
        ContactId(self.id.clone())
    }

    pub fn hobbies(&self) -> Vec<String> {
        serde_json::from_value(self.hobbies.clone()).unwrap_or_default()
    }

    pub fn birthday(&self) -> Option<Birthday> {
        let part = |number: Option<i64>| u8::try_from(number?).ok();
        Some(Birthday {
            calendar: self.birthday_calendar?,
            year: self.birthday_year.and_then(|year| i32::try_from(year).ok()),
            month: part(self.birthday_month)?,
            day: part(self.birthday_day)?,
            leap: self.birthday_leap,
        })
    }
}
