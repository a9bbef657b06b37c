# `cmake --install`: headers as <troupe/...>, libraries, the troupe program, and what find_package(troupe) needs.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/troupe)
get_property(libraries GLOBAL PROPERTY TROUPE_LIBRARIES)

install(TARGETS ${libraries} EXPORT troupe-targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT troupe-targets NAMESPACE troupe:: DESTINATION ${package_dir})
if(TARGET troupe)
  install(TARGETS troupe RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

# In the tree a header includes "messages/error.hpp"; installed it includes "troupe/messages/error.hpp"
# (docs/decisions/0007-include-paths.md).
install(CODE "
  set(source_dir \"${PROJECT_SOURCE_DIR}\")
  set(headers_dir \"${PROJECT_BINARY_DIR}/installed_headers\")
  include(\"${PROJECT_SOURCE_DIR}/cmake/install_headers.cmake\")")
install(DIRECTORY ${PROJECT_BINARY_DIR}/installed_headers/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/troupe)

configure_package_config_file(cmake/troupeConfig.cmake.in ${PROJECT_BINARY_DIR}/troupeConfig.cmake
  INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/troupeConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES
    ${PROJECT_BINARY_DIR}/troupeConfig.cmake
    ${PROJECT_BINARY_DIR}/troupeConfigVersion.cmake
    cmake/FindCAF.cmake
    cmake/FindZstd.cmake
  DESTINATION ${package_dir})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
