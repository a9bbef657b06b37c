# `cmake --install`: headers as <troupe/...>, libraries, programs, and what find_package(troupe) needs.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

get_property(libraries GLOBAL PROPERTY TROUPE_LIBRARIES)
install(TARGETS ${libraries} EXPORT troupe-targets)
