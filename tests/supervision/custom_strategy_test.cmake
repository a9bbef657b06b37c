# Runs the example PROGRAM: the crash of one part restarts its service and nothing else.
execute_process(COMMAND ${PROGRAM} OUTPUT_VARIABLE output RESULT_VARIABLE status TIMEOUT 30)
set(expected "services/chat.reader runs, start 1
services/chat.writer runs, start 1
services/music.player runs, start 1
services/chat.reader crashed: exception: the chat is full
services/chat.writer was stopped
services/chat.reader runs, start 2
services/chat.writer runs, start 2
")
string(FIND "${output}" "${expected}" found)
if(NOT status EQUAL 0 OR NOT found EQUAL 0)
  message(FATAL_ERROR "status ${status}, output:\n${output}expected to begin with:\n${expected}")
endif()
