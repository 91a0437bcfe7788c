settings-rules = Rules
settings-rules_about = A change counts at once and is written to the audit.
settings-save = Save
settings-not_between = Enter a whole number from { $least } to { $most }; the old value still counts.
settings-not_a_choice = Choose from the list; the old value still counts.
permission-settings-edit = Change rules
report-undated = Without a promised or a delivered day, so not judged: { $count }
cli-unknown_role = There is no role “{ $role }”; known are { $known }. No user was created.
cli-unknown_department = There is no department “{ $name }”. No user was created.
cli-unknown_login = Nobody has the login “{ $login }”.
cli-unknown_key = There is no key { $id }; `hawser key list` shows all.
cli-link = Sign-in link of { $login }, which works once; open it after the program's address: { $path }
cli-disabled = { $login } is disabled; all sessions have ended.
cli-revoked = Key { $id } has ended.
cli-full = There are too many connections at this moment. Please try again in ten seconds.
cli-demo_not_ours = This database holds a firm's own data, so the demo stays out of it. Nothing was changed; give the demo a folder of its own, for example --data hawser-demo.
cli-demo-people = Building the demo: people
cli-demo-customers = Building the demo: customers and shipments
model-file = { $file } cannot be read or written: { $cause }. Check the name and your rights to it.
model-encoding = The text of the file is neither UTF-8, UTF-16 nor GBK. Save it as UTF-8 CSV and try again.
model-empty = The file has no rows below its header. Nothing was computed.
model-column = There is no column “{ $column }”; the file has: { $known }.
model-column_twice = The column “{ $column }” is there twice. Give each column its own name.
model-cells = Line { $line } has { $found } cells, the header has { $wanted }. Correct the line and try again.
model-cell_empty = Line { $line }: “{ $column }” is empty. Fill it in or remove the line.
model-cell_number = Line { $line }: “{ $column }” is not a number: { $cell }
model-cell_day = Line { $line }: “{ $column }” is not a day, written as 2026-11-23: { $cell }
model-cell_year = Line { $line }: the year of “{ $column }” is not one of 1900 to 2200: { $cell }
model-nul = Line { $line } holds a NUL character. Save the file as UTF-8 CSV and try again.
model-not_finite = Line { $line }: “{ $column }” is not a finite number.
model-negative = Line { $line }: “{ $column }” is negative.
model-not_positive = Line { $line }: “{ $column }” must be above zero.
model-not_whole = Line { $line }: “{ $column }” must be a whole number.
model-out_of_range = Line { $line }: “{ $column }” must lie between { $least } and { $most }.
model-reversed = Line { $line }: “{ $column }” lies after “{ $other }”.
model-contradicts = Line { $line }: “{ $column }” and “{ $other }” contradict each other.
model-twice = Line { $line }: “{ $column }” is there already in line { $first }.
model-unsorted = Line { $line }: “{ $column }” may not rise from one row to the next.
model-zero_value = Line { $line }: “{ $column }” of a day with a repeat purchase is zero. The spend model needs values above zero; --leave-out-zero takes such days for no observation of spend.
model-too_large = The sum of “{ $column }” is larger than a number can be. Give it in larger units.
model-too_many = Too many { $what }: { $found }, at most { $most } are possible. Give longer periods or a shorter time.
model-option = --{ $option } must lie between { $least } and { $most }.
model-cuts = --a and --b must rise: above 0, --a below --b, at most 1.
model-period = The period from { $start } on has a value that cannot be used.
model-lengths = The columns have different lengths.
model-too_few = Too few { $what }: { $found }, at least { $needed } are needed. The data do not support this model.
model-all_alike = All { $what } are the same. The data do not support this model.
model-nothing = No { $what }. There is nothing to estimate from.
model-undetermined = The data do not determine { $parameter }: the likelihood is flat or best at the edge. No figures are given.
model-covariate = “{ $number }” cannot be estimated: it does not vary, follows from other columns, or decides everything.
model-not_converged = The fit did not converge within { $evaluations } evaluations. No figures are given.
model-parameter = “{ $parameter }” must be a number above zero.
model-ahead = --ahead must be above zero and at most { $years } years.
model-end_before = --calibration-end { $calibration_end } lies after the end of the data, { $end }.
model-needs_value = Say with --value which column holds the value.
model-needs_group = Say with --group which column holds the group.
model-too_many_groups = Column “{ $column }” has more than { $most } different groups. Give a column with fewer, for example a region or a grade.
model-base = { $model }: { $customers } customers until { $end }, { $repeaters } with repeat purchases; time in { $unit ->
    [day] days
   *[week] weeks
  }
model-end_gap = Note: { $last } is taken as the last day observed; the next earlier day of the data is { $days } days before it. If it is a slip, correct it or give another --end.
model-left_out = Left out: { $later } customers who came later, { $after } purchases after the end
model-customers = { $model }: { $customers } customers
model-renewals = { $model }: learned from { $count } rows
model-log_likelihood = Log-likelihood { $value }; { $agreeing } of { $starts } starts agree
model-new_customer = Repeat purchases of a new customer within { $time }: { $purchases }
model-hold_out = Held out: { $expected } purchases expected, { $came } came; mean absolute error of a customer { $error }. By repeats: customers, expected, came on average
model-spend = Spend, Gamma–Gamma, of { $customers } customers with repeat purchases
model-correlation = Correlation of frequency and spend, which must be near zero: { $value }
model-mean_spend = A purchase is worth on average: { $value }
model-no_mean = What a purchase is worth on average is not determined: customers differ so much (q ≤ 1) that there is no mean.
model-no_mean_no_value = Customers differ so much in what they spend (q ≤ 1) that a purchase has no mean value. No lifetime values are given; leave out --value for purchases alone.
model-zero_left_out = Left out of the spend: { $days } days with repeat purchases without value
model-margin = Margin rate of all customers together: { $rate }
model-value = Lifetime values of { $months } months, discounted, in { $kind ->
    [margin] margin
   *[revenue] revenue
  }: { $value }
model-survival_table = Renewal, still there, expected
model-renewals_left = Renewals to come of a customer after { $renewals }, discounted by { $rate }: { $left }
model-rfm = { $customers } customers on { $end }. Recency, frequency and value (5 is best where there are 5 classes), customers
model-abc = { $customers } customers. Class, customers, value, share
model-gini = Gini coefficient { $value }. Share of customers, share of value
model-recommendation = Net promoter score { $score }, 95 % between { $low } and { $high }: { $promoters } promoters, { $passives } passives, { $detractors } detractors
model-satisfied = Satisfied (4 or 5): { $rate }, 95 % between { $low } and { $high }
model-effort = Customer effort score { $mean } of 7, 95 % between { $low } and { $high }
model-effort_easy = Found it easy (5 and above): { $rate }, 95 % between { $low } and { $high }
model-quadrant_concentrate = concentrate here
model-quadrant_keep = keep up the good work
model-quadrant_low = low priority
model-quadrant_overkill = possible overkill
model-wallet = Share of the customer's spend among { $count } suppliers
model-km = Kaplan–Meier{ $group }, { $count } spells: time, at risk, ended, share that lasts longer ± standard error, 95 % interval
model-log_rank = Log-rank chi-squared { $chi } with { $degrees } degrees of freedom, p = { $p }
model-log_rank_group = { $group }: { $ended } ended, { $expected } expected
model-cox = Cox regression of { $count } spells, { $ended } ended
model-cox_whole = Log-likelihood { $value } (without columns { $zero }), p = { $p }; concordance { $concordance }
model-series = { $count } whole { $unit ->
    [week] weeks
   *[month] months
  } from { $first } to { $last }; { $cut } rows at the ends left out
model-back_test = Back-test from { $origins } origins, { $forecasts } forecasts: error { $relative } times that of the seasonal naive forecast (MASE { $mase }, naive { $naive }); { $covered } inside their 95 % intervals
model-back_test_exact = Back-test from { $origins } origins, { $forecasts } forecasts: the seasonal naive forecast was exact, the model was not better; { $covered } inside their 95 % intervals
model-forecast_model = The model was better than the seasonal naive forecast and is used.
model-forecast_naive = The model was no better than the seasonal naive forecast, so that is used: each period as a season ago.
model-alarm = Changed: alarm in the period from { $at }, since about { $since }.
model-no_alarm = No change that chance would not make.
