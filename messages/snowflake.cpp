// SPDX-License-Identifier: BSD-3-Clause
#include "messages/snowflake.hpp"
