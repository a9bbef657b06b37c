# Copies the headers from `source_dir` to `headers_dir`, with "messages/...", "runtime/..." and "actors/..." in their
# #include lines moved below "troupe/". Runs at installation.

file(REMOVE_RECURSE ${headers_dir})
file(GLOB_RECURSE headers RELATIVE ${source_dir}
  ${source_dir}/messages/*.hpp ${source_dir}/runtime/*.hpp ${source_dir}/actors/*.hpp)
# The inside of a source or of a program.
list(FILTER headers EXCLUDE REGEX "_impl\\.hpp$|^actors/program/")
foreach(header IN LISTS headers)
  file(READ ${source_dir}/${header} text)
  string(REGEX REPLACE "#( *)include \"(messages|runtime|actors)/" "#\\1include \"troupe/\\2/" text "${text}")
  file(WRITE ${headers_dir}/${header} "${text}")
endforeach()
file(WRITE ${headers_dir}/troupe.hpp "#include \"troupe/actors/troupe.hpp\"\n")
file(WRITE ${headers_dir}/testing.hpp "#include \"troupe/actors/testing/testing.hpp\"\n")
