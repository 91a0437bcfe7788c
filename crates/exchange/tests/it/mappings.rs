use exchange::mapping::{self, Mapping};
use exchange::{Cell, Row};
use module::{Field, Shape, Value};

pub const SHIPMENT: &[Field] = &[
    field("customer", Shape::Text, true, &["客户", "客户名称", "Customer"]),
    field("waybill", Shape::Text, true, &["运单号", "Waybill"]),
    field("line", Shape::Text, false, &["行号", "Line"]),
    field("origin", Shape::Text, false, &["始发地", "Origin"]),
    field("destination", Shape::Text, false, &["目的地", "Destination"]),
    Field {
        name: "mode",
        shape: Shape::Choice(MODES),
        required: false,
        headers: &["运输方式"],
        also: &[("空运", "air"), ("卡车", "truck")],
    },
    field("promised", Shape::Moment, false, &["承诺日期", "计划送达日期"]),
    field("delivered", Shape::Moment, false, &["签收日期", "实际送达日期"]),
    field("pieces", Shape::Whole, false, &["件数", "Pieces"]),
    field("weight_kg", Shape::Decimal, false, &["重量", "Weight"]),
    field("goods_value", Shape::Amount, false, &["货值", "Goods Value"]),
    field("cost", Shape::Amount, false, &["成本", "Freight Cost"]),
];

const MODES: &[&str] = &["air", "truck", "ocean", "rail", "express", "multimodal", "air_charter", "not_stated"];

const fn field(name: &'static str, shape: Shape, required: bool, headers: &'static [&'static str]) -> Field {
    Field { name, shape, required, headers, also: &[] }
}

fn columns(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn row(cells: &[&str]) -> Row {
    let cells = cells.iter().map(|text| Cell::Text((*text).into())).collect();
    Row { number: 2, cells, since_1904: false }
}

#[test]
fn chinese_headers_with_units_find_their_fields() {
    let names = columns(&["运单号", "客户名称", "重量（KG）", "货值(元)", "件 数", "签收日期", "备注"]);
    let proposal = mapping::propose("shipments", &names, SHIPMENT);
    let found: Vec<_> = proposal.matches.iter().map(|found| (found.field, found.column.as_str())).collect();
    assert_eq!(
        found,
        [
            ("customer", "客户名称"),
            ("waybill", "运单号"),
            ("delivered", "签收日期"),
            ("pieces", "件 数"),
            ("weight_kg", "重量（KG）"),
            ("goods_value", "货值(元)"),
        ]
    );
    assert!(proposal.open.is_empty());
    assert_eq!(proposal.mapping.columns["goods_value"].currency, Some(base::Currency::CNY));
    assert!(proposal.mapping.bind(&names, SHIPMENT).is_ok());
}

#[test]
fn a_column_that_two_fields_claim_alike_stays_open() {
    const ALIKE: &[Field] =
        &[field("promised", Shape::Day, true, &["日期"]), field("delivered", Shape::Day, false, &["日期"])];
    let proposal = mapping::propose("shipments", &columns(&["日期", "日期 "]), ALIKE);
    assert_eq!((proposal.matches.len(), proposal.open.as_slice()), (0, &["promised"][..]));
}

#[test]
fn a_mapping_survives_saving() {
    let text = include_str!("../../../../mappings/scms.toml");
    let mapping = Mapping::parse(text).unwrap();
    assert_eq!(Mapping::parse(&mapping.to_toml().unwrap()).unwrap(), mapping);
}

#[test]
fn a_slip_in_a_mapping_is_named_with_its_line() {
    let message = Mapping::parse("kind = \"shipments\"\n[columns.line]\ncolum = \"ID\"\n").unwrap_err();
    assert_eq!((message.key.as_str(), message.args[0].1.as_str()), ("import-mapping_unreadable", "3"));
}

#[test]
fn everything_that_does_not_fit_the_file_is_said_at_once() {
    let text = "kind = \"shipments\"\n[columns]\ncustomer = { column = \"客户\" }\nfoo = { column = \"客户\" }\n\
        cost = { column = \"成本\" }\nmode = { column = \"方式\", words = { \"空运\" = \"plane\" } }\n\
        line = { column = \"行\", constant = \"1\" }\n";
    let names = columns(&["客户", "客 户 号", "成本", "方式", "方 式"]);
    let problems = Mapping::parse(text).unwrap().bind(&names, SHIPMENT).unwrap_err();
    let keys: Vec<_> = problems.iter().map(|it| (it.field.as_str(), it.message.key.as_str())).collect();
    assert_eq!(
        keys,
        [
            ("foo", "import-field_unknown"),
            ("waybill", "import-field_unmapped"),
            ("line", "import-column_source"),
            ("mode", "import-word_unknown"),
            ("cost", "import-currency_unmapped"),
        ]
    );
}

#[test]
fn a_row_becomes_a_record_or_every_problem_of_it() {
    let text = "kind = \"shipments\"\nday_order = \"dmy\"\n[columns]\ncustomer = { column = \"客户\" }\n\
        waybill = { parts = [\"网点\", \"单号\"], join = \"-\" }\nline = { constant = \"1\" }\n\
        mode = { column = \"方式\", words = { \"空运\" = \"air\" }, empty = [\"N/A\"] }\ndelivered = { column = \"签收\" }\n\
        cost = { column = \"成本\", currency_column = \"币种\", text = \"unknown\" }\n";
    let names = columns(&["客户", "网点", "单号", "方式", "签收", "成本", "币种"]);
    let bound = Mapping::parse(text).unwrap().bind(&names, SHIPMENT).unwrap();
    let record = bound.apply(&row(&["明为", "GZ", "001", "空运", "05/01/2026 08:00", "1.2万", "美元"])).unwrap();
    assert_eq!(record.text("waybill"), Some("GZ-001"));
    assert_eq!(record.text("line"), Some("1"));
    assert_eq!(record.text("mode"), Some("air"));
    assert_eq!(record.time("delivered").unwrap().to_rfc3339(), "2026-01-05T00:00:00+00:00");
    assert_eq!(record.amount("cost").unwrap().amount(), "12000.00");
    let unknown = bound.apply(&row(&["明为", "GZ", "001", "n/a", "", "运费另计", ""])).unwrap();
    assert_eq!(unknown.values.get("cost"), Some(&Value::Unknown("运费另计".into())));
    assert_eq!(unknown.text("mode"), None);
    // What everybody means by a word needs no mapping, unless the mapping says that this file means something else.
    let truck = bound.apply(&row(&["明为", "GZ", "001", "卡车", "", "", ""])).unwrap();
    assert_eq!(truck.text("mode"), Some("truck"));
    let rail = text.replace("\"空运\" = \"air\"", "\"卡车\" = \"rail\"");
    let bound = Mapping::parse(&rail).unwrap().bind(&names, SHIPMENT).unwrap();
    let rail = bound.apply(&row(&["明为", "GZ", "001", "卡车", "", "", ""])).unwrap();
    assert_eq!(rail.text("mode"), Some("rail"));
    let problems = bound.apply(&row(&["", "GZ", "001", "骑马", "2026-02-30", "5", "XXQ"])).unwrap_err();
    let keys: Vec<_> = problems.iter().map(|it| it.message.key.as_str()).collect();
    assert_eq!(keys, ["import-required", "import-word_unknown", "import-day_impossible", "import-currency_unknown"]);
}

#[test]
fn every_committed_mapping_can_be_read_and_asked_for_by_its_name() {
    let all = exchange::committed::all().unwrap();
    for (name, mapping) in &all {
        assert_eq!(&exchange::committed::named(name).unwrap(), mapping);
    }
    for kind in ["customers", "shipments", "interactions"] {
        assert!(!exchange::committed::of_kind(kind).is_empty(), "{kind}");
    }
    assert!(all.iter().all(|(_, mapping)| Mapping::parse(&mapping.to_toml().unwrap()).as_ref() == Ok(mapping)));
}

#[test]
fn what_chinese_forwarders_call_their_modes_is_understood() {
    let mapping = exchange::committed::named("chinese-shipments").unwrap();
    let names = columns(&["客户名称", "运单号", "运输方式", "承诺送达", "签收时间", "应收运费"]);
    let known = |name: &str| names.iter().any(|column| column == name);
    let kept = mapping.columns.into_iter().filter(|(field, column)| {
        SHIPMENT.iter().any(|known| known.name == field) && column.column.as_deref().is_some_and(known)
    });
    let mapping = Mapping { columns: kept.collect(), ..exchange::committed::named("chinese-shipments").unwrap() };
    let bound = mapping.bind(&names, SHIPMENT).unwrap();
    let record = bound.apply(&row(&["明为公司", "YD1", "汽运", "2026年1月6日", "在途", "1,200"])).unwrap();
    assert_eq!((record.text("mode"), record.day("delivered")), (Some("truck"), None));
    assert_eq!(record.day("promised").unwrap().to_string(), "2026-01-06");
}
