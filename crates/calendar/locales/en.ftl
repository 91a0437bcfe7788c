permission-calendar-manage = Keep the working calendar

calendar-title = Working calendar
calendar-about = Clocks count working windows only; they stand still on holidays and run on make-up workdays.
calendar-hours_title = Working hours
calendar-whose = For
calendar-windows = Working windows
calendar-zone = Time zone
calendar-change = Change
calendar-change_of = Change the working hours of { $holder }
calendar-firm_itself = The firm
calendar-firm = the firm
calendar-office_week = Default hours
calendar-as_of = As { $holder }
calendar-closed = Closed
calendar-from_to = { $first }–{ $last }
calendar-line-monday = Mon
calendar-line-tuesday = Tue
calendar-line-wednesday = Wed
calendar-line-thursday = Thu
calendar-line-friday = Fri
calendar-line-saturday = Sat
calendar-line-sunday = Sun
calendar-line-holiday = Holidays
calendar-line-make_up = Make-up workdays

calendar-hours_of = Working hours of { $holder }
calendar-hours_about = Clocks of complaints, exceptions and promises run in these hours.
calendar-goes_by = Now: { $from }. Saving gives it hours of its own.
calendar-goes_by_default = These are the default hours; once saved, these hold.
calendar-week = Windows of each day
calendar-windows_help = Write 09:00-12:00, 13:30-18:00; leave it empty on days off. A night is 22:00-06:00 and belongs to the day on which it begins.
calendar-holiday_help = For departments on duty on holidays.
calendar-make_up_help = On days that are worked in exchange for a bridge day.
calendar-zone_help = IANA name, such as Asia/Shanghai or Europe/Berlin
calendar-save = Save
calendar-drop = Give up its own hours
calendar-drop_about = It then goes by the hours of the department above it, or by the firm's.
calendar-drop_firm = Back to the default hours
calendar-drop_firm_about = Monday to Friday 09:00-12:00 and 13:30-18:00, closed on holidays.

calendar-window_unreadable = Write windows like 09:00-12:00, with commas between them.
calendar-window_no_such_time = There is no such time; a day goes from 00:00 to 24:00.
calendar-window_same = It begins and ends at the same time; a whole day is 00:00-24:00.
calendar-windows_overlap = The windows of this day overlap.
calendar-night_overlaps = It overlaps with the night of the day before.
calendar-windows_many = A day has at most { $most } windows.
calendar-line_long = At most { $most } characters.
calendar-no_working_time = No day of the week has a working window, so no clock could ever end. Nothing was changed; the hours are as before. Enter at least one window, such as 09:00-12:00.
calendar-zone_unknown = There is no such time zone; write its IANA name, such as Asia/Shanghai.
calendar-conflict = Somebody else has just changed this. Below is what holds now; please look before you change it.

calendar-years_title = Holidays and make-up workdays
calendar-years_empty = No year is known yet. China's State Council names next year's holidays around November; clocks are right once they are imported.
calendar-open_year = See { $year }
calendar-year = Year
calendar-year_of = { $year }
calendar-holidays = Holidays
calendar-make_up_days = Make-up workdays
calendar-loaded = Imported
calendar-not_loaded = Not imported
calendar-this_year_unknown = The holidays of { $year } have not been imported; all clocks count its days by their weekdays.
calendar-next_year_unknown = The holidays of { $year } have not been imported yet; clocks that run into it count its days by their weekdays.
calendar-years_unknown = The holidays of { $years } have not been imported. Days of that time counted by their weekdays, so the answer may change.

calendar-holidays_of = Holidays and make-up workdays of { $year }
calendar-loaded_by = Imported on { $at } by { $by }
calendar-year_before = Year before
calendar-year_after = Year after
calendar-days_title = Days off and make-up workdays
calendar-days_empty = Nothing is known of this year yet.
calendar-day = Day
calendar-lunar_date = Lunar date
calendar-kind = Kind
calendar-kind-holiday = Holiday
calendar-kind-make_up = Make-up workday
calendar-name = Name
calendar-name_help = Such as Spring Festival, or the firm's outing
calendar-firm_works = The firm works
calendar-origin = Source
calendar-origin-file = File
calendar-origin-hand = By hand
calendar-set_day = Set a day by hand
calendar-remove = Remove
calendar-remove_words = Remove { $day } { $name }
calendar-day_of_year = Enter a day of { $year }, such as { $year }-10-01.
calendar-name_missing = Enter a name.
calendar-name_long = A name has at most { $most } characters.
calendar-name_control = The name holds a character that cannot be used.
calendar-festivals = Lunar festivals:{" "}
calendar-festival-spring = Spring Festival
calendar-festival-dragon_boat = Dragon Boat
calendar-festival-mid_autumn = Mid-Autumn
calendar-lunar = { $leap ->
    [yes] leap month
   *[no] month
 } { $month }, day { $day }

calendar-import = Import holidays
calendar-import_about = First see what would change, then confirm.
calendar-import_year_help = Days of other years in the file are left alone, except those of the December before: New Year's holidays may begin there.
calendar-year_wrong = Enter a year from { $least } to { $most }.
calendar-file = File
calendar-file_help = CSV (day, kind, name), or the JSON of the npm package chinese-days; at most { $kib } KB.
calendar-file_example =
    day,kind,name
    2026-10-01,holiday,National Day
    2026-10-10,workday,National Day
calendar-look = See what would change
calendar-file_missing = Choose a file.
calendar-file_too_large = The file is larger than { $kib } KB. Nothing was imported; a year of holidays has a few KB, so please check that it is the right file.
calendar-file_unreadable = The file is no text (UTF-8 or GBK). Nothing was imported; save it as CSV in your spreadsheet.
calendar-file_not_json = The JSON has no holidays, or is not complete. Nothing was imported; use a file of the npm package chinese-days, or CSV.
calendar-file_empty = The file is empty. Nothing was imported.
calendar-upload_broken = The file did not arrive whole. Nothing was imported; please send it again.
calendar-row_day = There is no such day; write it like 2026-10-01.
calendar-row_kind = The kind is holiday or workday.
calendar-row_contradicts = { $day } stands further up with another kind or name.
calendar-days_many = A year has at most { $most } entries.
calendar-year_without_holidays = The file has no holiday in { $year }. Nothing was imported; please check the year and the file.
calendar-lines_refused = Some lines cannot be used, so nothing was imported: with half a year, clocks would be wrong in silence. Mend the lines below and send the file again.

calendar-preview_of = Holidays of { $year }: what would change
calendar-other_file = Another file
calendar-plan_title = Changes
calendar-plan_act = Change
calendar-plan_what = What
calendar-plan-added = New
calendar-plan-changed = Changed
calendar-plan-removed = Removed
calendar-plan-unchanged = As before
calendar-plan-kept = Kept by hand
calendar-plan-left_out = Other years, left alone
calendar-load = Import { $year }
calendar-load_about = All or nothing. Days that an earlier file told and this one does not are removed.
calendar-load_nothing = No day changes; importing marks the year as known.
calendar-kept_title = Days set by hand stay
calendar-kept_about = The file says otherwise. To go by the file, first remove the day on the page of its year.
calendar-kept_stays = Stays
calendar-kept_file = In the file
calendar-refused_title = Lines that cannot be used
calendar-refused_line = Line
calendar-refused_text = Text
calendar-refused_why = Why
calendar-more_refused = { $count ->
    [one] One more line cannot be used.
   *[other] { $count } more lines cannot be used.
 }

calendar-minutes = { $minutes } min
calendar-hours = { $hours } h
calendar-hours_minutes = { $hours } h { $minutes } min
calendar-clock_on_hold = The clock is on hold already.
calendar-clock_running = The clock is not on hold.
calendar-clock_stopped = The clock has stopped.
calendar-department_unknown = There is no such department.
calendar-instant_far = Times lie from 2000 to 2099 and no more than ten years apart.
calendar-minutes_many = At most the minutes of a year (527040).
calendar-legal_days_many = At most 3660 days.
calendar-holds_wrong = Holds come in order, do not overlap, end after they begin, and are at most 200.

audit-object-working_hours = Working hours
audit-object-calendar_year = Holidays
audit-working_hours-changed = Changed working hours
audit-working_hours-dropped = Gave up own working hours
audit-calendar_year-loaded = Imported holidays
audit-calendar_day-set = Set a holiday or make-up workday
audit-calendar_day-removed = Removed a holiday or make-up workday
