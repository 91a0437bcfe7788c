//! What people write above and into the columns of files about customers, besides our own words.

use module::{Field, Shape};

use crate::customer::{RelationType, Size};
use crate::interaction::{Direction, InteractionKind, Mood, Outcome};

const fn field(name: &'static str, shape: Shape, required: bool, headers: &'static [&'static str]) -> Field {
    Field { name, shape, required, headers, also: &[] }
}

/// A field of closed words: ours, and what people write for them.
const fn choice(
    name: &'static str,
    (words, also): (&'static [&'static str], &'static [(&'static str, &'static str)]),
    required: bool,
    headers: &'static [&'static str],
) -> Field {
    Field { name, shape: Shape::Choice(words), required, headers, also }
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
    choice("size", (Size::WORDS, SIZES), false, &["规模", "企业规模", "公司规模", "Size", "Company Size"]),
    choice(
        "relation_type",
        (RelationType::WORDS, RELATION_TYPES),
        false,
        &["客户类型", "关系类型", "客户性质", "Relation Type", "Customer Type"],
    ),
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
    choice(
        "kind",
        (InteractionKind::WORDS, KINDS),
        true,
        &["方式", "跟进方式", "往来方式", "类型", "Kind", "Type", "Channel"],
    ),
    choice("direction", (Direction::WORDS, DIRECTIONS), false, &["方向", "发起方", "Direction"]),
    choice("outcome", (Outcome::WORDS, OUTCOMES), false, &["结果", "跟进结果", "联系结果", "Outcome", "Result"]),
    choice("mood", (Mood::WORDS, MOODS), false, &["情绪", "客户情绪", "客户态度", "Mood"]),
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

const SIZES: &[(&str, &str)] = &[
    ("微型", "micro"),
    ("微型企业", "micro"),
    ("小型", "small"),
    ("小型企业", "small"),
    ("中型", "medium"),
    ("中型企业", "medium"),
    ("大型", "large"),
    ("大型企业", "large"),
];

const RELATION_TYPES: &[(&str, &str)] = &[
    ("一般", "general"),
    ("一般客户", "general"),
    ("企业", "enterprise"),
    ("企业客户", "enterprise"),
    ("内部", "internal"),
    ("内部客户", "internal"),
    ("渠道", "channel"),
    ("渠道客户", "channel"),
    ("分销商", "distributor"),
    ("代销商", "agent"),
    ("sales agent", "agent"),
];

const KINDS: &[(&str, &str)] = &[
    ("电话", "call"),
    ("通话", "call"),
    ("phone", "call"),
    ("拜访", "visit"),
    ("上门", "visit"),
    ("上门拜访", "visit"),
    ("邮件", "email"),
    ("消息", "message"),
    ("微信", "message"),
    ("短信", "message"),
    ("wechat", "message"),
    ("会议", "meeting"),
];

const DIRECTIONS: &[(&str, &str)] = &[
    ("我方发起", "outgoing"),
    ("去电", "outgoing"),
    ("呼出", "outgoing"),
    ("客户发起", "incoming"),
    ("来电", "incoming"),
    ("呼入", "incoming"),
];

const OUTCOMES: &[(&str, &str)] = &[
    ("已联系上", "reached"),
    ("已联系", "reached"),
    ("未联系上", "not_reached"),
    ("未接通", "not_reached"),
    ("达成一致", "agreed"),
    ("成交", "agreed"),
    ("对方拒绝", "declined"),
    ("拒绝", "declined"),
];

const MOODS: &[(&str, &str)] =
    &[("满意", "pleased"), ("平常", "neutral"), ("一般", "neutral"), ("不满", "annoyed"), ("不满意", "annoyed")];
