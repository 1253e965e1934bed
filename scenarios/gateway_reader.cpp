#include "gateway_reader.h"

#include <algorithm>

#include "scenarios/loader.h"

namespace strongroom::scenarios {
namespace {

[[nodiscard]] GatewayDeclaration read_gateway(const yaml::Mapping& scenario, const YAML::Node& node,
                                              const std::string& file) {
    if (!node.IsMap()) {
        return {scenario.scalar(node, "gateways", "a list of names, or of {name, protocol}")};
    }
    yaml::Mapping m(node, file, "this gateway");
    GatewayDeclaration out{m.text("name")};
    const std::string protocol = m.text("protocol");
    if (protocol != "twilio" && protocol != "fast2sms") {
        m.refuse(m.need("protocol"), "unknown protocol '" + protocol + "': " +
                                         yaml::suggestion(protocol, {"twilio", "fast2sms"}));
    }
    out.protocol = protocol == "twilio" ? SmsProtocol::twilio : SmsProtocol::fast2sms;
    m.finish();
    return out;
}

}  // namespace

std::vector<GatewayDeclaration> read_gateways(yaml::Mapping& scenario, const std::string& file) {
    std::vector<GatewayDeclaration> gateways;
    for (const YAML::Node& node : scenario.items("gateways")) {
        GatewayDeclaration one = read_gateway(scenario, node, file);
        for (const GatewayDeclaration& other : gateways) {
            if (other.name == one.name) {
                scenario.refuse(node, "there is a gateway '" + one.name + "' already");
            }
        }
        gateways.push_back(std::move(one));
    }
    if (gateways.empty()) gateways = {{"primary"}, {"secondary"}};
    return gateways;
}

void check_providers(const Scenario& scenario) {
    for (const Step& step : scenario.steps) {
        const bool reports = step.does == "forge_reports";
        if (!reports && step.does != "intercept_sms" && step.does != "provider_behaves") continue;
        const std::string& name = step.with.at("gateway");
        const auto gateway = std::find_if(scenario.gateways.begin(), scenario.gateways.end(),
                                          [&](const auto& one) { return one.name == name; });
        if (reports && gateway->protocol != SmsProtocol::twilio) {
            throw ScenarioError(step.place, "'" + step.does + "' needs 'protocol: twilio' at '" +
                                                name + "': no other provider posts reports");
        }
        if (gateway->protocol == SmsProtocol::none) {
            throw ScenarioError(step.place, "'" + step.does +
                                                "' needs a gateway with a 'protocol', and '" +
                                                name + "' has none");
        }
    }
}

}  // namespace strongroom::scenarios
