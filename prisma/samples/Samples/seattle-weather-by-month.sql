/*---
title: Seattle weather by month
description: >-
  Weather in Seattle for each month of a year (NOAA): average daily high and low in °C, precipitation in mm, strongest wind
  in m/s, and the number of days with rain, snow or sun.
output: json
parameters:
  - name: YEAR
    type: choice
    label: Year
    default: 2015
    options: [2012, 2013, 2014, 2015]
---*/
SELECT
  strftime(date, '%Y-%m') AS month,
  count(*) AS days,
  round(avg(temp_max), 1) AS temp_max_mean,
  round(avg(temp_min), 1) AS temp_min_mean,
  round(sum(precipitation), 1) AS precipitation_mm,
  max(wind) AS wind_max,
  count(*) FILTER (weather = 'rain') AS rain_days,
  count(*) FILTER (weather = 'snow') AS snow_days,
  count(*) FILTER (weather = 'sun') AS sun_days
FROM read_csv('seattle-weather.csv')
WHERE year(date) = $YEAR::INTEGER
GROUP BY month
ORDER BY month
