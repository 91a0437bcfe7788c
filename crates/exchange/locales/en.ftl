# The whole file cannot be read
import-file_empty = The file has no content.
import-not_a_file = This is not a regular file. Please choose another one.
import-file_too_large = The file is too large; the limit is { $limit } MB. Split it into several files.
import-file_is_old_excel = This is an old Excel file (.xls). Save it in Excel as "Excel workbook (.xlsx)" and import that.
import-file_is_binary_excel = This is a binary Excel file (.xlsb). Save it as "Excel workbook (.xlsx)" and import that.
import-file_is_open_document = This is an OpenDocument file (such as .ods). Save it as .xlsx or CSV and import that.
import-file_is_word_or_slides = This is a document or a presentation, not a table. Choose an .xlsx or CSV file.
import-file_is_archive = This is a compressed archive. Unpack it and import the .xlsx or CSV file inside.
import-file_is_pdf = This is a PDF, not a table. Ask for the data as .xlsx or CSV.
import-file_is_picture = This is a picture, not a table. Choose an .xlsx or CSV file.
import-file_is_program = This is a program and cannot be imported.
import-file_is_web_page = This is a web page or XML, whatever its name says. Open it in Excel, save it as .xlsx and import that.
import-file_is_media = This is an audio or video file and cannot be imported.
import-file_is_database = This is a database file and cannot be imported directly. Export it as CSV first.
import-file_is_binary = The content is neither text nor an .xlsx workbook and cannot be imported.
import-workbook_protected = The workbook has a password. Remove the password and import it again.
import-workbook_damaged = The workbook is damaged. Open it in Excel, save it again and import that.
import-workbook_unsafe = The workbook would unpack to an abnormal size and was not read, for safety. Open it in Excel, keep only the data, save it and import that.
import-no_such_sheet = The workbook has no sheet named "{ $sheet }".
import-nul_byte = Line { $line } holds a NUL character: the file is not text, or it is damaged. Export it again as UTF-8 CSV.
import-encoding_unknown = The character encoding of the file cannot be recognised. Save it as "CSV UTF-8" and import that.
import-quote_open = The quotation mark opened on line { $line } is never closed, so the rest cannot be told apart. Close it and import again.
import-too_many_columns = The file has too many columns; the limit is { $limit }. Delete those that are not needed.
import-too_many_rows = The file has too many rows; the limit is { $limit }. Split it into several files.
import-cannot_be_read_safely = This file cannot be read safely. Reading was stopped and nothing was imported. Open it in Excel, save it as a new .xlsx or CSV and try again.
import-takes_too_long = Reading this file took too long. It was stopped and nothing was imported. Split it into smaller files.
import-reader_unavailable = Files cannot be read right now. Try again later; if it stays like this, tell the administrator.

# One row cannot be read
import-header_repeated = This row is the header again, not data. It is left out; nothing to do.
import-row_ragged = This row has { $found } columns, the header has { $expected }. Look for a separator or a quotation mark too many or too few.
import-cell_too_long = Column { $column } holds more than { $limit } characters. Shorten it.
import-row_too_long = This row is too long. Shorten or split it.

# One cell cannot be read
import-required = Required, but empty here. Fill it in.
import-formula_without_result = The formula "{ $text }" has no stored result. Open the file in Excel or WPS, save it and upload it again.
import-cell_error = The cell holds the error "{ $text }". Correct the formula in Excel first.
import-control_character = The text holds an invisible control character ({ $code }). Delete it.
import-day_unreadable = "{ $text }" is not a date. Write 2026-01-05 or 5-Jan-2026.
import-day_impossible = There is no such day or time as "{ $text }". Write 2026-01-05 or 2026-01-05 08:30.
import-day_ambiguous = "{ $text }" does not tell day from month. Write 2026-01-05, or set the order of dates in the mapping.
import-day_out_of_range = The date "{ $text }" is not between 1900 and 2199. Check the year.
import-day_has_time = "{ $text }" has a time of day; only a date belongs here, such as 2026-01-05.
import-number_unreadable = "{ $text }" is not a number. Write 1234.5.
import-number_unclear = "{ $text }" can be read in more than one way. Write 1234.5 or 1,234.5.
import-number_percent = "{ $text }" is a percentage; a number belongs here, such as 1234.5.
import-number_too_long = "{ $text }" has too many digits. Check it.
import-number_not_whole = "{ $text }" is not a whole number. Write one such as 12.
import-number_is_day = "{ $text }" is a date in the file; a number belongs here. Check the format of the cell.
import-number_has_currency = "{ $text }" has a currency sign, but this column is not an amount. Remove the sign.
import-number_lost_digits = The number "{ $text }" is so long that Excel has dropped its last digits. Format the column as text, enter it again and import that.
import-currency_missing = The amount "{ $text }" has no currency. Write its code, such as CNY, into the currency column, or give the column a currency when you check the columns.
import-currency_differs = The currency sign of "{ $text }" does not fit the currency { $currency }. Make both the same.
import-currency_unknown = "{ $text }" is not a currency. Write its code, such as CNY or USD.
import-word_unknown = "{ $text }" is not known. It can be: { $expected }; or say which of these it is when you check the columns.
import-key_contradicts = The same number stands on row { $rows } with different contents ({ $count } other rows). Keep only the right one.

# The mapping
import-mapping_unreadable = Line { $line } of the mapping is wrong: { $detail }
import-field_unknown = There is no field named "{ $field }". Known fields: { $known }.
import-field_unmapped = The required field "{ $field }" has no column yet.
import-column_missing = The file has no column "{ $column }".
import-column_twice = The file has several columns named "{ $column }". Rename them first.
import-column_source = The field "{ $field }" needs exactly one of: a column, a constant, or several columns joined.
import-currency_unmapped = The amount "{ $field }" needs a currency, or a column that holds it.
import-currency_twice = The currency of the amount "{ $field }" may be given only once: a constant, or a column.

# The file that goes back
import-refused_reason = Why refused
import-refused_row = Row
import-reason_of_field = { $field }: { $reason }
import-reason_of_column = { $field } (column "{ $column }"): { $reason }
import-reason_of_value = { $field } ("{ $value }"): { $reason }
import-reason_of_column_value = { $field } (column "{ $column }", "{ $value }"): { $reason }

# The steps of an import
permission-imports-run = Import files
permission-imports-all = See everybody's imports
import-title = Imports
import-about = Bring in customers, shipments and interactions from Excel or CSV.
import-new = Import a file
import-empty = No file has been imported yet.
import-back = Back to the imports
import-no_kinds = There is nothing that you may import. Ask your administrator for the permission.
import-step_1 = Step 1 of 4: choose what and which file
import-step_2 = Step 2 of 4: say which column is what ({ $kind })
import-step_3 = Step 3 of 4: look at what will happen, then agree
import-step_4 = Step 4 of 4: done
import-kind = Content
import-kind-customers = Customers
import-kind-shipments = Shipments
import-kind-interactions = Interactions
import-file = File
import-file_help = An Excel workbook (.xlsx) or CSV of at most { $limit } MB. Nothing is written until you have seen the preview and agreed.
import-upload = Upload
import-state = State
import-state-at_work = Working
import-state-uploaded = Columns to check
import-state-previewed = To be agreed
import-state-committed = Imported
import-state-failed = Not imported
import-count-new = New
import-count-changed = Changed
import-count-unchanged = Unchanged
import-count-repeated = Repeated rows
import-count-refused = Refused
import-count-new_customers = New customers
import-by = By
import-when = When
import-sheet = Sheet
import-mapping = Mapping
import-mapping-proposed = Proposed from the headers
import-mapping-last = As the last time ({ $who }, { $day })
import-mapping-chinese-customers = Customers: Chinese headers
import-mapping-chinese-interactions = Interactions: Chinese headers
import-mapping-chinese-shipments = Waybills: Chinese headers, source tms, amounts in CNY
import-mapping-scms = SCMS delivery history: English headers, source scms, amounts in USD
import-recalled = A file with these headers came before. The columns stand as they were then; please check them.
import-passed_over = The file has no columns for these fields; they are left out: { $fields }.
import-begin_with = Use it
import-columns = Columns
import-field = Field
import-column = Column of the file
import-samples = Examples
import-settings = Settings
import-not_taken = Do not import
import-constant = Always “{ $text }”
import-choose_currency = Choose a currency
import-currency_from = As in “{ $column }”
import-currency_of = Currency of { $field }
import-word_means = In { $field }, “{ $word }” means
import-word_refused = Not known, refuse
import-word_empty = As if empty
import-currency_offered = The file names no currency: { $currency } for now, the one of your reports. Change it if it is another.
import-shape-text = Text
import-shape-day = Date
import-shape-moment = Date, with time if known
import-shape-whole = Whole number
import-shape-decimal = Number
import-shape-amount = Amount
import-other_fields = Other fields ({ $count })
import-left_out = Columns that will not be imported: { $columns }
import-on_text = Text in a number column
import-on_text-refuse = Refuse the row
import-on_text-unknown = Take it as unknown and keep the text
import-on_text-keep = As the mapping says
import-day_order = Dates such as 05/01/2026
import-day_order-none = Refuse, do not guess
import-day_order-dmy = Day/month/year
import-day_order-mdy = Month/day/year
import-day_order-ymd = Year/month/day
import-source = Source
import-source_help = The system that the data comes from, such as tms. A waybill is known by source and number: always use the same source for the same data, or it comes in twice.
import-source_known = Sources so far: { $sources }
import-source_missing = Say where the data comes from, for example tms.
import-source_too_long = A source has at most { $most } characters.
import-change_source = Change the source
import-create_customers = Create customers that the file names and nobody knows
import-create_customers_help = Otherwise rows of unknown customers are refused.
import-check = Check
import-first_rows = The first rows of the file
import-give_up = Give up
import-step-reading = Reading the file
import-step-checking = Checking every row
import-step-writing = Writing
import-may_leave = You may leave this page; the work goes on.
import-ask_again = Ask again
import-committed = Everything has been written.
import-commit = { $rows ->
    [one] Import 1 row
   *[other] Import { $rows } rows
 }
import-change_columns = Change the columns
import-nothing_to_write = There is nothing to write.
import-all_or_nothing = Everything is written at once or nothing at all. Refused rows are not written.
import-checked_again = The data has changed since the check, so nothing was written. This is what the file would do now; please agree once more.
import-refused_rows = Refused rows
import-download_refused = Download refused rows
import-refused_help = These rows are not written; the others are not affected. The file says for each row why it was refused. Correct it and import it again as it is.
import-more_refused = { $count ->
    [one] One more row is refused; it stands in the file to download.
   *[other] { $count } more rows are refused; all stand in the file to download.
 }
import-changed_rows = Rows that change something
import-changed_fields = Changes (before → after)
import-more_changed = { $count ->
    [one] One more row changes something.
   *[other] { $count } more rows change something.
 }
import-record = Record
import-value = In the file
import-in_column = Column “{ $column }”
import-nothing = (empty)
import-known_elsewhere = Of { $checked } new rows looked at, { $count } have a waybill number that is known under the source “{ $source }”. With the source “{ $own }” they would come in twice; check the source first.
import-column_absent = The file has no column “{ $column }”; “{ $field }” is left out.

# This step cannot be done
import-no_rows = The file has a header but no data.
import-upload_broken = The file did not arrive whole. Please upload it again.
import-file_missing = Please choose a file first.
import-file_gone = The uploaded file is no longer there. Please upload it again.
import-file_changed = The file was changed after the upload and nothing was written. Please upload it again.
import-is_over = This import has ended. To import again, upload the file again.
import-is_at_work = This file is being worked on. Please wait until that has ended.
import-not_previewed = Check the file first, then agree.
import-changed_since_preview = The data has changed since the check and nothing was written. Please check the file again.
import-given_up = Given up; nothing was written.
import-left_behind = Nobody agreed to it in time; the file was removed and nothing was written.
import-kind_unknown = There is no kind “{ $kind }”. Known kinds: { $known }.
import-mapping_unknown = There is no mapping named “{ $name }”. Use one of { $known }, or the path of a TOML file.
import-mapping_of_other_kind = This mapping is for “{ $other }” and cannot be used for “{ $kind }”.

# The command line
import-path_missing = There is no file “{ $path }”. Nothing was imported; check the name and the folder.
import-path_is_folder = “{ $path }” is a folder. Nothing was imported; name the file in it.
import-path_forbidden = The file “{ $path }” may not be read by this user. Nothing was imported; change its permissions or choose another file.
import-path_unreadable = The file “{ $path }” cannot be opened: { $cause }.
import-proposal_open = Which column is “{ $field }” cannot be told from the headers ({ $columns }), or its currency is missing. Give a mapping with --map.
import-told = New { $new }, changed { $changed }, unchanged { $unchanged }, repeated { $repeated }, refused { $refused }.
import-told_dry = Dry run: new { $new }, changed { $changed }, unchanged { $unchanged }, repeated { $repeated }, refused { $refused }. Nothing was written.
import-told_customers = New customers among them: { $count }.
import-told_warning = Careful: { $warning } Name the source with --source.
import-told_row = Row { $row }: { $text }
import-told_row_of = Row { $row }, { $key }: { $text }
import-told_change = { $field } { $before } → { $after }
import-told_more_changed = { $count ->
    [one] One more row changes something.
   *[other] { $count } more rows change something.
 }
import-told_more = { $count ->
    [one] One more row is refused; with --refused FILE you get it with its reason.
   *[other] { $count } more rows are refused; with --refused FILE you get all of them, each with its reason.
 }
import-told_more_kept = { $count ->
    [one] One more row is refused; it stands in the file of refused rows.
   *[other] { $count } more rows are refused; all stand in the file of refused rows.
 }
