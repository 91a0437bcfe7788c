attachment-title = Evidence
attachment-empty = No files yet.
attachment-name = File
attachment-kind = Kind
attachment-size = Size
attachment-added = Added
attachment-choose = Add a file
attachment-help = Photos, PDF, XLSX, DOCX, text, recordings or video; at most { $size } MB each and { $files } files in all.
attachment-add = Add
attachment-remove = Remove
attachment-remove_words = Remove { $name }

attachment-kind-jpeg = JPEG picture
attachment-kind-png = PNG picture
attachment-kind-webp = WebP picture
attachment-kind-gif = GIF picture
attachment-kind-heic = HEIC picture
attachment-kind-pdf = PDF
attachment-kind-xlsx = Excel workbook
attachment-kind-docx = Word document
attachment-kind-txt = Text
attachment-kind-csv = CSV table
attachment-kind-mp3 = MP3 recording
attachment-kind-m4a = M4A recording
attachment-kind-amr = AMR recording
attachment-kind-mp4 = MP4 video

attachment-file_missing = Choose a file first.
attachment-upload_broken = The file did not arrive whole. Nothing was added; try again.
attachment-file_empty = This file is empty. Nothing was added.
attachment-file_too_large = This file is larger than { $limit } MB. Nothing was added; send a smaller one, for example a shorter video.
attachment-too_many = There are { $limit } files already, and more are not kept. Remove one that is not needed first.
attachment-web_page = This file is a web page or an SVG drawing, which may run programs when it is opened. Nothing was added; add a screenshot or a PDF instead.
attachment-program = This file is a program. Nothing was added.
attachment-archive = This file is an archive. Nothing was added; unpack it and add the files one by one.
attachment-macros = This file holds macros. Nothing was added; save it without macros as XLSX or DOCX.
attachment-old_office = Word and Excel files until 2003 are not taken. Nothing was added; save it as XLSX, DOCX or PDF.
attachment-kind_unknown = Files of this kind are not taken. Nothing was added; JPG, PNG, WebP, GIF, HEIC, PDF, XLSX, DOCX, TXT, CSV, MP3, M4A, AMR and MP4 are.
attachment-name_disagrees = The name ends in .{ $ending }, but the content is { $kind }. Nothing was added; give the file its right name, or save it as what it should be.

audit-attachment-added = Added a file
audit-attachment-removed = Removed a file

setting-attachments = Evidence
setting-attachments-most_megabytes = Largest file, MB
setting-attachments-most_files = Most files of one complaint, claim or exception
