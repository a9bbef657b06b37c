// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/store/identify_ledger.hpp"
