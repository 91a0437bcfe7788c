# 整个文件不能读
import-file_empty = 文件里没有内容。
import-not_a_file = 这不是一个普通文件，请重新选择。
import-file_too_large = 文件太大，最多 { $limit } MB。请拆成几个文件再导入。
import-file_is_old_excel = 这是旧版 Excel 文件（.xls）。请在 Excel 里另存为“Excel 工作簿（.xlsx）”后再导入。
import-file_is_binary_excel = 这是二进制 Excel 文件（.xlsb）。请另存为“Excel 工作簿（.xlsx）”后再导入。
import-file_is_open_document = 这是 OpenDocument 文件（如 .ods）。请另存为 .xlsx 或 CSV 后再导入。
import-file_is_word_or_slides = 这是文档或演示文稿，不是表格。请选择 .xlsx 或 CSV 文件。
import-file_is_archive = 这是压缩包。请先解压，再导入里面的 .xlsx 或 CSV 文件。
import-file_is_pdf = 这是 PDF 文件，不是表格。请向对方要 .xlsx 或 CSV 文件。
import-file_is_picture = 这是图片，不是表格。请选择 .xlsx 或 CSV 文件。
import-file_is_program = 这是程序文件，不能导入。
import-file_is_web_page = 这其实是网页或 XML，只是名字像表格。请用 Excel 打开后另存为 .xlsx，再导入。
import-file_is_media = 这是音频或视频文件，不能导入。
import-file_is_database = 这是数据库文件，不能直接导入。请先导出为 CSV。
import-file_is_binary = 这个文件的内容不是文字，也不是 .xlsx 工作簿，不能导入。
import-workbook_protected = 这个工作簿有密码。请去掉密码后再导入。
import-workbook_damaged = 这个工作簿已损坏。请用 Excel 打开并重新保存，再导入。
import-workbook_unsafe = 这个工作簿解压后大得不正常，为安全起见没有读取。请用 Excel 打开，只保留数据，另存后再导入。
import-no_such_sheet = 工作簿里没有名为“{ $sheet }”的工作表。
import-nul_byte = 第 { $line } 行有空字符（NUL），文件可能不是文本，或者已损坏。请重新导出为 UTF-8 的 CSV。
import-encoding_unknown = 看不出文件用的是什么编码。请另存为“CSV UTF-8”后再导入。
import-quote_open = 第 { $line } 行的引号没有配对，后面的内容分不清。请补上引号后再导入。
import-too_many_columns = 列数太多，最多 { $limit } 列。请删掉不用的列后再导入。
import-too_many_rows = 行数太多，最多 { $limit } 行。请拆成几个文件再导入。
import-cannot_be_read_safely = 这个文件无法安全读取，已停止，没有导入任何内容。请用 Excel 打开，另存为新的 .xlsx 或 CSV 后再试。
import-takes_too_long = 读这个文件用时太长，已停止，没有导入任何内容。请拆成几个小文件再试。
import-reader_unavailable = 现在无法读取文件，请稍后再试；若一直如此，请告诉管理员。

# 某一行不能读
import-header_repeated = 这一行又是表头，不是数据。
import-row_ragged = 这一行有 { $found } 列，表头有 { $expected } 列，对不上。
import-cell_too_long = 第 { $column } 列的内容超过 { $limit } 个字。
import-row_too_long = 这一行的内容太长。

# 某个单元格不能读
import-required = 必填，但这里是空的。
import-cell_error = 单元格是错误值“{ $text }”，请先在 Excel 里改正公式。
import-control_character = 内容里有看不见的控制字符（{ $code }），请删掉。
import-day_unreadable = “{ $text }”不是日期。请写成 2026-01-05 或 2026年1月5日。
import-day_impossible = 没有“{ $text }”这一天或这个时间。请写成 2026-01-05 或 2026-01-05 08:30。
import-day_ambiguous = “{ $text }”分不清哪个是日、哪个是月。请写成 2026-01-05，或在对应关系里设定日期顺序。
import-day_out_of_range = 日期“{ $text }”不在 1900 年到 2199 年之间。
import-day_has_time = “{ $text }”带有时间，这里只要日期，如 2026-01-05。
import-number_unreadable = “{ $text }”不是数字。请写成 1234.5。
import-number_unclear = “{ $text }”有多种读法。请写成 1234.5 或 1,234.5。
import-number_percent = “{ $text }”是百分比，这里要的是数字，如 1234.5。
import-number_too_long = “{ $text }”的位数太多。
import-number_not_whole = “{ $text }”不是整数。
import-number_is_day = “{ $text }”在表里是日期，这里要的是数字。请检查单元格格式。
import-number_has_currency = “{ $text }”带有货币符号，但这一列不是金额。
import-number_lost_digits = 号码“{ $text }”太长，Excel 已丢掉末尾几位。请把这一列设为文本格式，重新填写后再导入。
import-currency_missing = 金额“{ $text }”没有币种。
import-currency_differs = “{ $text }”的货币符号与币种 { $currency } 不符。
import-currency_unknown = “{ $text }”不是币种。请写代码，如 CNY、USD。
import-word_unknown = 不认识“{ $text }”。可以是：{ $expected }。
import-key_contradicts = 与第 { $rows } 行的编号相同，内容却不同（另有 { $count } 行）。请只留下正确的一行。

# 对应关系
import-mapping_unreadable = 对应关系第 { $line } 行写得不对：{ $detail }
import-field_unknown = 没有名为“{ $field }”的字段。可以用：{ $known }。
import-field_unmapped = 必填字段“{ $field }”还没有对应的列。
import-column_missing = 文件里没有“{ $column }”这一列。
import-column_twice = 文件里有好几列都叫“{ $column }”，请先改名。
import-column_source = 字段“{ $field }”要在列、固定值、多列合并三者中选一个，而且只能选一个。
import-currency_unmapped = 金额“{ $field }”要指定币种，或指定哪一列是币种。
import-currency_twice = 金额“{ $field }”的币种只能指定一次：固定币种，或者币种列。

# 退回的文件
