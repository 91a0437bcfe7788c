permission-calendar-manage = 维护工作日历

calendar-title = 工作日历
calendar-about = 计时只算工作时段；节假日停表，调休上班日照常走表。
calendar-hours_title = 工作时间
calendar-whose = 适用
calendar-windows = 工作时段
calendar-zone = 时区
calendar-change = 修改
calendar-change_of = 修改{ $holder }的工作时间
calendar-firm_itself = 公司
calendar-firm = 公司
calendar-office_week = 默认时间
calendar-as_of = 同{ $holder }
calendar-closed = 休息
calendar-from_to = { $first }至{ $last }
calendar-line-monday = 周一
calendar-line-tuesday = 周二
calendar-line-wednesday = 周三
calendar-line-thursday = 周四
calendar-line-friday = 周五
calendar-line-saturday = 周六
calendar-line-sunday = 周日
calendar-line-holiday = 节假日
calendar-line-make_up = 调休上班日

calendar-hours_of = { $holder }的工作时间
calendar-hours_about = 投诉、异常等计时都按这里走表。
calendar-goes_by = 目前：{ $from }。保存后单独设置。
calendar-goes_by_default = 现在用的是默认时间，保存后以这里为准。
calendar-week = 每天的工作时段
calendar-windows_help = 写成 09:00-12:00, 13:30-18:00；空着表示休息。跨夜写成 22:00-06:00，算在开始的那一天。
calendar-holiday_help = 节假日值班的部门在这里写值班时段。
calendar-make_up_help = 周末调休上班时的时段。
calendar-zone_help = IANA 时区名，如 Asia/Shanghai、Europe/Berlin
calendar-save = 保存
calendar-drop = 取消单独设置
calendar-drop_about = 取消后按上级部门的时间走表；上级没有单独设置的，按公司的。
calendar-drop_firm = 恢复默认时间
calendar-drop_firm_about = 恢复为周一至周五 09:00-12:00、13:30-18:00，节假日休息。

calendar-window_unreadable = 时段请写成 09:00-12:00，多个用逗号隔开。
calendar-window_no_such_time = 没有这个时刻；一天从 00:00 到 24:00。
calendar-window_same = 开始和结束是同一时刻；全天请写 00:00-24:00。
calendar-windows_overlap = 这一天的时段互相重叠。
calendar-night_overlaps = 与前一天的跨夜时段重叠。
calendar-windows_many = 一天最多 { $most } 个时段。
calendar-line_long = 最多 { $most } 个字符。
calendar-no_working_time = 周一到周日没有一个工作时段，计时永远走不完。什么都没有改动，原来的时间仍然有效。请至少写一个时段，如 09:00-12:00。
calendar-zone_unknown = 没有这个时区；请写 IANA 时区名，如 Asia/Shanghai。
calendar-conflict = 别人刚刚改过。下面是现在的内容，请看过再改。

calendar-years_title = 节假日和调休
calendar-years_empty = 还没有任何一年的节假日。国务院办公厅每年 11 月前后公布次年安排，导入后计时才准确。
calendar-open_year = 查看 { $year } 年
calendar-year = 年份
calendar-year_of = { $year } 年
calendar-holidays = 放假天数
calendar-make_up_days = 调休上班天数
calendar-loaded = 导入
calendar-not_loaded = 未导入
calendar-this_year_unknown = { $year } 年的节假日还没有导入，现在所有计时都按普通周计算。
calendar-next_year_unknown = { $year } 年的节假日还没有导入；跨到明年的计时暂按普通周计算。
calendar-years_unknown = { $years } 年的节假日还没有导入，这些日子按普通周计算，结果可能有出入。

calendar-holidays_of = { $year } 年节假日和调休
calendar-loaded_by = { $at } 由 { $by } 导入
calendar-year_before = 上一年
calendar-year_after = 下一年
calendar-days_title = 放假和调休上班的日子
calendar-days_empty = 这一年还没有记下任何日子。
calendar-day = 日期
calendar-lunar_date = 农历
calendar-kind = 类型
calendar-kind-holiday = 放假
calendar-kind-make_up = 调休上班
calendar-name = 名称
calendar-name_help = 如 春节、公司年会
calendar-firm_works = 公司上班
calendar-origin = 来源
calendar-origin-file = 文件
calendar-origin-hand = 手工
calendar-set_day = 手工设置一天
calendar-remove = 删除
calendar-remove_words = 删除 { $day } { $name }
calendar-day_of_year = 请填 { $year } 年的日期，如 { $year }-10-01。
calendar-name_missing = 请填名称。
calendar-name_long = 名称最多 { $most } 个字。
calendar-name_control = 名称里有不能用的字符。
calendar-festivals = 农历节日：
calendar-festival-spring = 春节
calendar-festival-dragon_boat = 端午
calendar-festival-mid_autumn = 中秋
calendar-lunar = { $leap ->
    [yes] 闰
   *[no] { "" }
 }{ $month ->
    [1] 正
    [2] 二
    [3] 三
    [4] 四
    [5] 五
    [6] 六
    [7] 七
    [8] 八
    [9] 九
    [10] 十
    [11] 冬
   *[12] 腊
 }月{ $day ->
    [1] 初一
    [2] 初二
    [3] 初三
    [4] 初四
    [5] 初五
    [6] 初六
    [7] 初七
    [8] 初八
    [9] 初九
    [10] 初十
    [11] 十一
    [12] 十二
    [13] 十三
    [14] 十四
    [15] 十五
    [16] 十六
    [17] 十七
    [18] 十八
    [19] 十九
    [20] 二十
    [21] 廿一
    [22] 廿二
    [23] 廿三
    [24] 廿四
    [25] 廿五
    [26] 廿六
    [27] 廿七
    [28] 廿八
    [29] 廿九
   *[30] 三十
 }

calendar-import = 导入节假日
calendar-import_about = 先看会改什么，再确认。
calendar-import_year_help = 文件里其他年份的日子不会动（上一年 12 月的除外，元旦常连着放）。
calendar-year_wrong = 年份请填 { $least } 到 { $most }。
calendar-file = 文件
calendar-file_help = CSV（日期、类型、名称），或 npm 包 chinese-days 的 JSON；最大 { $kib } KB。
calendar-file_example =
    日期,类型,名称
    2026-10-01,放假,国庆节
    2026-10-10,上班,国庆节
calendar-look = 查看会改什么
calendar-file_missing = 请选择文件。
calendar-file_too_large = 文件超过 { $kib } KB。什么都没有导入；一年的节假日只有几 KB，请检查是不是选错了文件。
calendar-file_unreadable = 文件不是文本（UTF-8 或 GBK）。什么都没有导入；请在表格软件里另存为 CSV。
calendar-file_not_json = JSON 里没有 holidays，或者不完整。什么都没有导入；请用 npm 包 chinese-days 的文件，或改用 CSV。
calendar-file_empty = 文件是空的。什么都没有导入。
calendar-upload_broken = 文件没有传完整。什么都没有导入，请再传一次。
calendar-row_day = 没有这一天；日期请写成 2026-10-01。
calendar-row_kind = 类型请写“放假”或“上班”。
calendar-row_contradicts = { $day } 前面已经出现过，类型或名称不一样。
calendar-days_many = 一年最多 { $most } 条。
calendar-year_without_holidays = 文件里没有 { $year } 年的放假日期。什么都没有导入；请检查年份和文件。
calendar-lines_refused = 有些行不能用，所以整个文件都没有导入：只导入一半，计时会悄悄算错。请改好下面的行再传一次。

calendar-preview_of = { $year } 年节假日：会改什么
calendar-other_file = 换一个文件
calendar-plan_title = 改动
calendar-plan_act = 改动
calendar-plan_what = 内容
calendar-plan-added = 新增
calendar-plan-changed = 修改
calendar-plan-removed = 删除
calendar-plan-unchanged = 不变
calendar-plan-kept = 保留手工
calendar-plan-left_out = 其他年份，不动
calendar-load = 导入 { $year } 年
calendar-load_about = 要么全部导入，要么全不导入。以前由文件导入、这次文件里没有的日子会删除。
calendar-load_nothing = 日子都没有变化；导入后这一年记为已导入。
calendar-kept_title = 手工设置过的日子不动
calendar-kept_about = 文件说的不一样；要改请先在该年的页面删除手工的日子。
calendar-kept_stays = 保留
calendar-kept_file = 文件里
calendar-refused_title = 不能用的行
calendar-refused_line = 行
calendar-refused_text = 内容
calendar-refused_why = 原因
calendar-more_refused = 另有 { $count } 行不能用。

calendar-minutes = { $minutes } 分钟
calendar-hours = { $hours } 小时
calendar-hours_minutes = { $hours } 小时 { $minutes } 分钟
calendar-clock_on_hold = 计时已经暂停。
calendar-clock_running = 计时没有暂停。
calendar-clock_stopped = 计时已经结束。
calendar-department_unknown = 没有这个部门。
calendar-instant_far = 时间须在 2000 到 2099 年之间，且相隔不超过十年。
calendar-minutes_many = 最多一年的分钟数（527040）。
calendar-legal_days_many = 最多 3660 天。
calendar-holds_wrong = 暂停须按时间先后排列，互不重叠，先开始后结束，最多 200 段。

audit-object-working_hours = 工作时间
audit-object-calendar_year = 节假日
audit-working_hours-changed = 修改工作时间
audit-working_hours-dropped = 取消单独的工作时间
audit-calendar_year-loaded = 导入节假日
audit-calendar_day-set = 设置放假或调休
audit-calendar_day-removed = 删除放假或调休
