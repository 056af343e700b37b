-- wrk's script: posts alerts as Prometheus re-sends them, the same labels each time with only endsAt moved on.
-- Arguments: alerts in a request, distinct alerts.
local size, distinct = 1, 10000
local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(args)
  size, distinct = tonumber(args[1]), tonumber(args[2])
  math.randomseed(4711 + number)
  wrk.method = "POST"
  wrk.headers["content-type"] = "application/json"
end

local function alert(which, ends)
  return table.concat({
    '{"labels":{"alertname":"ErrorBudgetBurn","service":"service-', which % 200, '","instance":"node-', which,
    ':9090","severity":"critical","region":"eu-1"},"annotations":{"summary":"the error budget of node-', which,
    ' burns","runbook_url":"https://runbooks.example/burn"},"startsAt":"2026-01-05T08:00:00Z","endsAt":"', ends,
    '","generatorURL":"http://prometheus.example/graph?g0.expr=burn"}',
  })
end

function request()
  local ends = os.date("!%Y-%m-%dT%H:%M:%S", os.time() + 240) .. string.format(".%03dZ", math.random(0, 999))
  local alerts = {}
  for place = 1, size do
    alerts[place] = alert(math.random(distinct), ends)
  end
  return wrk.format(nil, nil, nil, "[" .. table.concat(alerts, ",") .. "]")
end

function done(summary, latency)
  local errors = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format("RESULT %.1f %.3f %.3f %d\n", summary.requests / (summary.duration / 1e6),
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, errors + summary.errors.status))
end
