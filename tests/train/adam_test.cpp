#include "train/adam.h"

#include "support/catch.h"

using namespace animate::train;
using namespace animate;
using train::Adam;

TEST_CASE("the first steps of Adam are those of the formula") {
  auto x = torch::tensor({1.0F, -2.0F}).requires_grad_();
  Adam adam({x}, 0.1);
  double m = 0;
  double v = 0;
  double expected = 1;
  for (int step = 1; step <= 5; ++step) {
    (x.square().sum()).backward();
    const double gradient = 2 * expected;
    adam.step();
    adam.zero_grad();
    m = 0.5 * m + 0.5 * gradient;
    v = 0.999 * v + 0.001 * gradient * gradient;
    expected -= 0.1 * (m / (1 - std::pow(0.5, step))) / (std::sqrt(v / (1 - std::pow(0.999, step))) + 1e-8);
    CHECK(x[0].item<double>() == Approx(expected).epsilon(1e-5));
    CHECK_FALSE(x.grad().defined());
  }
  CHECK(adam.moments()[0].steps == 5);
}

TEST_CASE("a parameter without a gradient is left alone and counts its own steps") {
  auto a = torch::ones({2}).requires_grad_();
  auto b = torch::ones({3}).requires_grad_();
  Adam adam({a, b}, 0.1);
  a.sum().backward();
  adam.step();
  CHECK(torch::equal(b, torch::ones({3})));
  CHECK_FALSE(adam.moments()[1].exp_avg.defined());
  adam.zero_grad();
  (a.sum() + b.sum()).backward();
  adam.step();
  CHECK(adam.moments()[0].steps == 2);
  CHECK(adam.moments()[1].steps == 1);
  // The first step of Adam is the learning rate, whatever the gradient.
  CHECK(b[0].item<float>() == Approx(0.9));
}

TEST_CASE("learning rates fall tenfold at every milestone") {
  CHECK(train::learning_rate_at(1, {60, 90}, 59) == 1);
  CHECK(train::learning_rate_at(1, {60, 90}, 60) == Approx(0.1));
  CHECK(train::learning_rate_at(1, {60, 90}, 99) == Approx(0.01));
  CHECK(train::learning_rate_at(2e-4, {}, 1000) == 2e-4);
}
