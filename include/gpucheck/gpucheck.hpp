#pragma once

#include "gpucheck/device.hpp"
#include "gpucheck/dtype.hpp"
#include "gpucheck/finding.hpp"
#include "gpucheck/measurement.hpp"
#include "gpucheck/op.hpp"
#include "gpucheck/outcome.hpp"
#include "gpucheck/report.hpp"
#include "gpucheck/result.hpp"
#include "gpucheck/snapshot.hpp"
