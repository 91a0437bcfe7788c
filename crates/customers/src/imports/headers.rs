//! What people write above and into the columns of files about customers, besides our own words.

use std::str::FromStr;

use base::Message;
use module::{Field, Shape};

use crate::customer::{RelationType, Size};
use crate::interaction::{Direction, InteractionKind, Mood, Outcome};
use crate::rules;

const fn field(name: &'static str, shape: Shape, required: bool, headers: &'static [&'static str]) -> Field {
    Field { name, shape, required, headers }
}

pub const CUSTOMER: &[Field] = &[
    field(
        "name",
        Shape::Text,
        true,
        &[
            "客户名称",
            "客户全称",
            "公司名称",
            "企业名称",
            "单位名称",
            "客户",
            "Customer Name",
            "Company Name",
            "Customer",
        ],
    ),
    field("short_name", Shape::Text, false, &["简称", "客户简称", "公司简称", "Short Name"]),
    field("former_names", Shape::Text, false, &["曾用名", "原名", "旧名称", "Former Names", "Former Name"]),
    field("english_name", Shape::Text, false, &["英文名", "英文名称", "客户英文名", "English Name"]),
    field(
        "credit_code",
        Shape::Text,
        false,
        &["统一社会信用代码", "社会信用代码", "信用代码", "税号", "Unified Social Credit Code", "USCC", "Credit Code"],
    ),
    field("industry", Shape::Text, false, &["行业", "所属行业", "Industry"]),
    field("size", Shape::Text, false, &["规模", "企业规模", "公司规模", "Size", "Company Size"]),
    field("relation_type", Shape::Text, false, &["客户类型", "关系类型", "客户性质", "Relation Type", "Customer Type"]),
    field("source", Shape::Text, false, &["客户来源", "来源", "Source", "Lead Source"]),
    field(
        "owner",
        Shape::Text,
        false,
        &["负责人", "客户经理", "业务员", "销售", "销售员", "跟进人", "Owner", "Account Manager", "Sales Rep"],
    ),
    field(
        "rhythm_days",
        Shape::Whole,
        false,
        &["联系周期", "联系周期（天）", "跟进周期", "Rhythm Days", "Contact Every"],
    ),
    field("tags", Shape::Text, false, &["标签", "客户标签", "Tags"]),
    field("country", Shape::Text, false, &["国家", "国家地区", "Country"]),
    field("province", Shape::Text, false, &["省份", "省", "Province", "State"]),
    field("city", Shape::Text, false, &["城市", "市", "City"]),
    field("address", Shape::Text, false, &["地址", "详细地址", "办公地址", "公司地址", "Address", "Street"]),
    field("notes", Shape::Text, false, &["备注", "说明", "Notes", "Remarks"]),
];

pub const INTERACTION: &[Field] = &[
    field(
        "customer",
        Shape::Text,
        true,
        &["客户", "客户名称", "客户全称", "公司名称", "Customer", "Customer Name", "Company"],
    ),
    field(
        "happened_at",
        Shape::Moment,
        true,
        &["时间", "日期", "跟进时间", "跟进日期", "往来时间", "联系时间", "拜访日期", "Date", "Time", "Happened At"],
    ),
    field("kind", Shape::Text, true, &["方式", "跟进方式", "往来方式", "类型", "Kind", "Type", "Channel"]),
    field("direction", Shape::Text, false, &["方向", "发起方", "Direction"]),
    field("outcome", Shape::Text, false, &["结果", "跟进结果", "联系结果", "Outcome", "Result"]),
    field("mood", Shape::Text, false, &["情绪", "客户情绪", "客户态度", "Mood"]),
    field(
        "text",
        Shape::Text,
        true,
        &["内容", "跟进内容", "往来内容", "沟通内容", "跟进记录", "Text", "Content", "Summary", "Notes"],
    ),
    field("next_step", Shape::Text, false, &["下一步", "后续计划", "下次计划", "Next Step", "Next Action"]),
    field(
        "next_step_on",
        Shape::Day,
        false,
        &["下一步日期", "下次跟进日期", "下次联系日期", "Next Step On", "Next Date"],
    ),
    field("person", Shape::Text, false, &["跟进人", "登记人", "业务员", "负责人", "Person", "Logged By", "By"]),
];

/// Between the entries of a cell that holds several.
pub const BETWEEN: [char; 7] = [',', '，', ';', '；', '、', '|', '\n'];

/// A closed set of words, each with what people write for it.
pub trait Words: FromStr + Copy + 'static {
    const ALSO: &'static [(&'static str, Self)];
}

impl Words for Size {
    const ALSO: &'static [(&'static str, Self)] = &[
        ("微型", Size::Micro),
        ("微型企业", Size::Micro),
        ("小型", Size::Small),
        ("小型企业", Size::Small),
        ("中型", Size::Medium),
        ("中型企业", Size::Medium),
        ("大型", Size::Large),
        ("大型企业", Size::Large),
    ];
}

impl Words for RelationType {
    const ALSO: &'static [(&'static str, Self)] = &[
        ("一般", RelationType::General),
        ("一般客户", RelationType::General),
        ("企业", RelationType::Enterprise),
        ("企业客户", RelationType::Enterprise),
        ("内部", RelationType::Internal),
        ("内部客户", RelationType::Internal),
        ("渠道", RelationType::Channel),
        ("渠道客户", RelationType::Channel),
        ("分销商", RelationType::Distributor),
        ("代销商", RelationType::Agent),
        ("salesagent", RelationType::Agent),
    ];
}

impl Words for InteractionKind {
    const ALSO: &'static [(&'static str, Self)] = &[
        ("电话", InteractionKind::Call),
        ("通话", InteractionKind::Call),
        ("phone", InteractionKind::Call),
        ("拜访", InteractionKind::Visit),
        ("上门", InteractionKind::Visit),
        ("上门拜访", InteractionKind::Visit),
        ("邮件", InteractionKind::Email),
        ("e-mail", InteractionKind::Email),
        ("消息", InteractionKind::Message),
        ("微信", InteractionKind::Message),
        ("短信", InteractionKind::Message),
        ("wechat", InteractionKind::Message),
        ("会议", InteractionKind::Meeting),
    ];
}

impl Words for Direction {
    const ALSO: &'static [(&'static str, Self)] = &[
        ("我方发起", Direction::Outgoing),
        ("去电", Direction::Outgoing),
        ("呼出", Direction::Outgoing),
        ("客户发起", Direction::Incoming),
        ("来电", Direction::Incoming),
        ("呼入", Direction::Incoming),
    ];
}

impl Words for Outcome {
    const ALSO: &'static [(&'static str, Self)] = &[
        ("已联系上", Outcome::Reached),
        ("已联系", Outcome::Reached),
        ("未联系上", Outcome::NotReached),
        ("未接通", Outcome::NotReached),
        ("notreached", Outcome::NotReached),
        ("达成一致", Outcome::Agreed),
        ("成交", Outcome::Agreed),
        ("对方拒绝", Outcome::Declined),
        ("拒绝", Outcome::Declined),
    ];
}

impl Words for Mood {
    const ALSO: &'static [(&'static str, Self)] = &[
        ("满意", Mood::Pleased),
        ("平常", Mood::Neutral),
        ("一般", Mood::Neutral),
        ("不满", Mood::Annoyed),
        ("不满意", Mood::Annoyed),
    ];
}

/// # Errors
/// What was read and which of our words there are.
pub fn word<T: Words>(text: &str, known: impl IntoIterator<Item = &'static str>) -> Result<T, Message> {
    let wanted = rules::name_key(text);
    let also = || T::ALSO.iter().find(|(word, _)| *word == wanted).map(|(_, value)| *value);
    wanted.parse().ok().or_else(also).ok_or_else(|| {
        let known: Vec<&str> = known.into_iter().collect();
        let shown: String = text.chars().take(50).collect();
        Message::new("customer-import-unknown_word").with("text", shown).with("known", known.join(" / "))
    })
}
