// Lets the live view see the samples of the services on their way to the engine. Decorates; changes
// nothing.
#pragma once
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "ports/prober.hpp"

namespace muster::cli {

class WatchedProber final : public ports::Prober {
 public:
  using Watch = std::function<void(const std::string&, const std::vector<measure::Sample>&)>;
  /// `inner` must outlive it, and what `watch` uses every callback.
  WatchedProber(ports::Prober& inner, Watch watch) : inner_{inner}, watch_{std::move(watch)} {}

  void start(ports::ServiceProbe probe,
             std::function<void(std::vector<measure::Sample>)> sink) override {
    const std::string name = probe.service;
    inner_.start(std::move(probe),
                 [this, name, sink = std::move(sink)](std::vector<measure::Sample> samples) {
                   watch_(name, samples);
                   sink(std::move(samples));
                 });
  }
  void stop(const std::string& service, std::function<void()> done) override {
    inner_.stop(service, std::move(done));
  }
  void ask(const catalogue::ProbeSpec& probe, Duration timeout,
           std::function<void(ports::ProbeAnswer)> done) override {
    inner_.ask(probe, timeout, std::move(done));
  }
  void read_back(const ports::ServiceProbe& probe, Duration timeout,
                 std::function<void(ports::ReadBack)> done) override {
    inner_.read_back(probe, timeout, std::move(done));
  }

 private:
  ports::Prober& inner_;
  Watch watch_;
};

}  // namespace muster::cli
