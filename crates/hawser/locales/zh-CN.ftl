settings-rules = 规则
settings-rules_about = 改动立即生效，并记入审计。
settings-save = 保存
settings-not_between = 请填 { $least } 到 { $most } 之间的整数；原来的值仍然有效。
settings-not_a_choice = 请从列表中选择；原来的值仍然有效。
permission-settings-edit = 修改规则
report-undated = 缺承诺日或签收日、无法判断：{ $count }
cli-unknown_role = 没有“{ $role }”这个角色，可用：{ $known }。没有创建任何用户。
cli-unknown_department = 没有“{ $name }”这个部门。没有创建任何用户。
cli-unknown_login = 没有登录名为“{ $login }”的用户。
cli-unknown_key = 没有编号为 { $id } 的密钥，可用 hawser key list 查看全部。
cli-link = { $login } 的一次性登录链接：{ $path }（接在系统地址之后打开）
cli-disabled = { $login } 已停用，其会话已全部结束。
cli-revoked = 密钥 { $id } 已作废。
cli-full = 当前连接过多，请十秒后再试。
cli-demo_not_ours = 这个数据库里有公司自己的数据，演示数据不会写入。没有改动任何内容；请为演示另选目录，例如 --data hawser-demo。
cli-demo-people = 正在准备演示数据：人员
cli-demo-customers = 正在准备演示数据：客户与运单
model-file = 无法读写 { $file }：{ $cause }。请检查文件名和权限。
model-encoding = 文件编码既不是 UTF-8、UTF-16，也不是 GBK。请另存为 UTF-8 的 CSV 后重试。
model-empty = 文件表头之下没有数据，未做计算。
model-column = 没有“{ $column }”这一列，文件中有：{ $known }。
model-column_twice = “{ $column }”列出现了两次，请让每列名称各不相同。
model-cells = 第 { $line } 行有 { $found } 个单元格，表头有 { $wanted } 个，请改正后重试。
model-cell_empty = 第 { $line } 行：“{ $column }”为空，请补上或删除该行。
model-cell_number = 第 { $line } 行：“{ $column }”不是数字：{ $cell }
model-cell_day = 第 { $line } 行：“{ $column }”不是日期（格式如 2026-11-23）：{ $cell }
model-cell_year = 第 { $line } 行：“{ $column }”的年份不在 1900 到 2200 之间：{ $cell }
model-nul = 第 { $line } 行含有空字符（NUL），请另存为 UTF-8 的 CSV 后重试。
model-not_finite = 第 { $line } 行：“{ $column }”不是有限的数字。
model-negative = 第 { $line } 行：“{ $column }”为负数。
model-not_positive = 第 { $line } 行：“{ $column }”必须大于零。
model-not_whole = 第 { $line } 行：“{ $column }”必须是整数。
model-out_of_range = 第 { $line } 行：“{ $column }”必须在 { $least } 到 { $most } 之间。
model-reversed = 第 { $line } 行：“{ $column }”晚于“{ $other }”。
model-contradicts = 第 { $line } 行：“{ $column }”与“{ $other }”相互矛盾。
model-twice = 第 { $line } 行：“{ $column }”在第 { $first } 行已经出现。
model-unsorted = 第 { $line } 行：“{ $column }”不能比上一行大。
model-zero_value = 第 { $line } 行：复购当天的“{ $column }”为零，消费模型要求金额大于零；加 --leave-out-zero 则这些天不计入消费金额。
model-too_large = “{ $column }”的合计超出了数字所能表示的范围，请换用更大的单位。
model-option = --{ $option } 必须在 { $least } 到 { $most } 之间。
model-cuts = --a 和 --b 必须大于 0、不超过 1，且 --a 小于 --b。
model-period = 从 { $start } 开始的这一期，数值无法使用。
model-lengths = 各列长度不一致。
model-too_few = { $kind ->
    [customers] 客户
    [repeat_purchases] 复购
    [values] 数值
    [value] 金额
    [periods] 期数
    [periods_of_a_customer] 客户的期数
    [periods_of_history] 历史期数
    [periods_to_watch] 待监测的期数
    [whole_periods] 完整的期数
    [value_in_the_history] 历史数值
    [renewals] 续约
    [customers_who_left] 流失的客户
    [customers_who_stayed] 留下的客户
    [spells] 记录
    [spells_that_ended] 已结束的记录
    [groups_with_spells] 有记录的组
    [answers] 答卷
    [attributes] 评价项目
    [suppliers] 供应商
   *[other] { $what }
  }太少：只有 { $found }，至少需要 { $needed }，数据不足以支持该模型。
model-too_many = { $kind ->
    [customers] 客户
    [repeat_purchases] 复购
    [values] 数值
    [value] 金额
    [periods] 期数
    [periods_of_a_customer] 客户的期数
    [periods_of_history] 历史期数
    [periods_to_watch] 待监测的期数
    [whole_periods] 完整的期数
    [value_in_the_history] 历史数值
    [renewals] 续约
    [customers_who_left] 流失的客户
    [customers_who_stayed] 留下的客户
    [spells] 记录
    [spells_that_ended] 已结束的记录
    [groups_with_spells] 有记录的组
    [answers] 答卷
    [attributes] 评价项目
    [suppliers] 供应商
   *[other] { $what }
  }太多：共 { $found }，最多 { $most }，请换用更长的期或更短的时间。
model-all_alike = { $kind ->
    [customers] 客户
    [repeat_purchases] 复购
    [values] 数值
    [value] 金额
    [periods] 期数
    [periods_of_a_customer] 客户的期数
    [periods_of_history] 历史期数
    [periods_to_watch] 待监测的期数
    [whole_periods] 完整的期数
    [value_in_the_history] 历史数值
    [renewals] 续约
    [customers_who_left] 流失的客户
    [customers_who_stayed] 留下的客户
    [spells] 记录
    [spells_that_ended] 已结束的记录
    [groups_with_spells] 有记录的组
    [answers] 答卷
    [attributes] 评价项目
    [suppliers] 供应商
   *[other] { $what }
  }全都相同，数据不足以支持该模型。
model-nothing = 没有{ $kind ->
    [customers] 客户
    [repeat_purchases] 复购
    [values] 数值
    [value] 金额
    [periods] 期数
    [periods_of_a_customer] 客户的期数
    [periods_of_history] 历史期数
    [periods_to_watch] 待监测的期数
    [whole_periods] 完整的期数
    [value_in_the_history] 历史数值
    [renewals] 续约
    [customers_who_left] 流失的客户
    [customers_who_stayed] 留下的客户
    [spells] 记录
    [spells_that_ended] 已结束的记录
    [groups_with_spells] 有记录的组
    [answers] 答卷
    [attributes] 评价项目
    [suppliers] 供应商
   *[other] { $what }
  }，无从估计。
model-undetermined = 数据无法确定 { $parameter }：似然函数平坦或在边界处最大，不给出结果。
model-covariate = “{ $number }”无法估计：它没有变化、可由其他列推出，或完全决定了结果。
model-not_converged = 拟合在 { $evaluations } 次计算内没有收敛，不给出结果。
model-parameter = “{ $parameter }”必须是大于零的数字。
model-ahead = --ahead 必须大于零，且不超过 { $years } 年。
model-end_before = --calibration-end { $calibration_end } 晚于数据的最后一天 { $end }。
model-needs_value = 请用 --value 指明金额所在的列。
model-needs_group = 请用 --group 指明分组所在的列。
model-too_many_groups = “{ $column }”列有超过 { $most } 个不同的组。请换一列组数较少的，例如地区或等级。
model-base = { $model }：截至 { $end } 共 { $customers } 位客户，其中 { $repeaters } 位有复购；时间单位：{ $unit ->
    [day] 天
   *[week] 周
  }
model-end_gap = 注意：以 { $last } 为观察的最后一天，数据中的上一个日期比它早 { $days } 天。如系笔误，请改正或用 --end 另行指明。
model-left_out = 未计入：之后才来的客户 { $later } 位，数据截止日之后的购买 { $after } 笔
model-customers = { $model }：{ $customers } 位客户
model-renewals = { $model }：用 { $count } 行数据拟合
model-log_likelihood = 对数似然 { $value }；{ $starts } 个起点中有 { $agreeing } 个结果一致
model-new_customer = 新客户在 { $time } 个时间单位内的预期复购次数：{ $purchases }
model-hold_out = 留出期：预期 { $expected } 次购买，实际 { $came } 次；每位客户平均绝对误差 { $error }。按复购次数列出：客户数、平均预期、平均实际
model-spend = 消费金额 Gamma–Gamma 模型，{ $customers } 位有复购的客户
model-correlation = 购买频率与金额的相关系数（应接近零）：{ $value }
model-mean_spend = 每次购买的平均金额：{ $value }
model-no_mean = 每次购买的平均金额无法确定：客户之间差异太大（q ≤ 1），均值不存在。
model-no_mean_no_value = 客户之间的消费金额差异太大（q ≤ 1），平均金额不存在，不给出终身价值；只看购买次数时请去掉 --value。
model-zero_left_out = 未计入消费金额：金额为零的复购日 { $days } 天
model-margin = 全体客户的毛利率：{ $rate }
model-value = { $months } 个月的折现终身价值（{ $kind ->
    [margin] 按毛利
   *[revenue] 按收入
  }）：{ $value }
model-survival_table = 续约次数、实际留存、预期留存
model-renewals_left = 续约 { $renewals } 次后的客户，按每期 { $rate } 折现，预计还将续约：{ $left }
model-rfm = 截至 { $end } 共 { $customers } 位客户。依次为最近购买、频率、金额的等级（分五级时 5 最好）和客户数
model-abc = { $customers } 位客户。依次为类别、客户数、金额、占比
model-gini = 基尼系数 { $value }。依次为客户占比、金额占比
model-recommendation = 净推荐值 { $score }，95 % 区间 { $low } 到 { $high }：推荐者 { $promoters }，中立者 { $passives }，贬损者 { $detractors }
model-satisfied = 满意（4 或 5 分）：{ $rate }，95 % 区间 { $low } 到 { $high }
model-effort = 客户费力度得分 { $mean }（满分 7），95 % 区间 { $low } 到 { $high }
model-effort_easy = 认为省力（5 分及以上）：{ $rate }，95 % 区间 { $low } 到 { $high }
model-quadrant_concentrate = 优先改进
model-quadrant_keep = 继续保持
model-quadrant_low = 低优先级
model-quadrant_overkill = 可能过度投入
model-wallet = 客户支出在 { $count } 家供应商之间的份额
model-km = Kaplan–Meier{ $group }，{ $count } 条记录：时间、在观察数、结束数、仍持续的占比 ± 标准误、95 % 区间
model-log_rank = 对数秩检验卡方 { $chi }，自由度 { $degrees }，p = { $p }
model-log_rank_group = { $group }：实际结束 { $ended }，预期 { $expected }
model-cox = Cox 回归，{ $count } 条记录，其中 { $ended } 条已结束
model-cox_whole = 对数似然 { $value }（不含任何列时 { $zero }），p = { $p }；一致性 { $concordance }
model-series = { $first } 到 { $last } 共 { $count } 个完整的{ $unit ->
    [week] 周
   *[month] 月
  }；首尾不完整的 { $cut } 行未计入
model-back_test = 从 { $origins } 个时点回测 { $forecasts } 次预测：误差为季节性朴素预测的 { $relative } 倍（MASE { $mase }，朴素预测 { $naive }）；{ $covered } 落在 95 % 区间内
model-back_test_exact = 从 { $origins } 个时点回测 { $forecasts } 次预测：季节性朴素预测完全准确，模型不优于它；{ $covered } 落在 95 % 区间内
model-forecast_model = 模型优于季节性朴素预测，采用模型。
model-forecast_naive = 模型不优于季节性朴素预测，因此采用后者：每期与上一季同期相同。
model-alarm = 已变化：{ $at } 开始的这一期发出预警，大约从 { $since } 起变化。
model-no_alarm = 没有超出偶然波动的变化。
