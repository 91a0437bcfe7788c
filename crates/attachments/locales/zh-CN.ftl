attachment-title = 证据附件
attachment-empty = 还没有附件。
attachment-name = 文件
attachment-kind = 类型
attachment-size = 大小
attachment-added = 上传
attachment-choose = 添加附件
attachment-help = 照片、PDF、XLSX、DOCX、文本、录音或视频；每个不超过 { $size } MB，最多 { $files } 个。
attachment-add = 上传
attachment-remove = 移除
attachment-remove_words = 移除 { $name }

attachment-kind-jpeg = JPEG 图片
attachment-kind-png = PNG 图片
attachment-kind-webp = WebP 图片
attachment-kind-gif = GIF 图片
attachment-kind-heic = HEIC 图片
attachment-kind-pdf = PDF
attachment-kind-xlsx = Excel 表格
attachment-kind-docx = Word 文档
attachment-kind-txt = 文本
attachment-kind-csv = CSV 表格
attachment-kind-mp3 = MP3 录音
attachment-kind-m4a = M4A 录音
attachment-kind-amr = AMR 录音
attachment-kind-mp4 = MP4 视频

attachment-file_missing = 请先选择文件。
attachment-upload_broken = 文件没有传完整，未添加。请重新上传。
attachment-file_empty = 文件是空的，未添加。
attachment-file_too_large = 文件超过 { $limit } MB，未添加。请换小一些的文件，例如截短视频。
attachment-too_many = 已有 { $limit } 个附件，不能再加。请先移除不需要的。
attachment-web_page = 这是网页或 SVG 图形，打开时可能运行程序，未添加。请改传截图或 PDF。
attachment-program = 这是程序文件，未添加。
attachment-archive = 这是压缩包，未添加。请解压后逐个上传。
attachment-macros = 文件带有宏，未添加。请另存为不带宏的 XLSX 或 DOCX。
attachment-old_office = 不收 2003 及更早格式的 Word、Excel 文件，未添加。请另存为 XLSX、DOCX 或 PDF。
attachment-kind_unknown = 不收这种文件，未添加。可以上传 JPG、PNG、WebP、GIF、HEIC、PDF、XLSX、DOCX、TXT、CSV、MP3、M4A、AMR、MP4。
attachment-name_disagrees = 文件名以 .{ $ending } 结尾，内容却是 { $kind }，未添加。请改正文件名，或另存为正确的格式。

audit-attachment-added = 添加附件
audit-attachment-removed = 移除附件

setting-attachments = 证据附件
setting-attachments-most_megabytes = 单个文件最大（MB）
setting-attachments-most_files = 每件投诉、理赔或异常最多附件数
