/*---
title: Nearby earthquakes
description: >-
  Earthquakes of one week (31 January to 7 February 2018, U.S. Geological Survey) around a place, nearest
  first, with their great-circle distance in kilometres.
output: geojson
parameters:
  - name: LATITUDE
    type: number
    label: Latitude
    description: In degrees. South is negative.
    default: 34.05
    min: -90
    max: 90
  - name: LONGITUDE
    type: number
    label: Longitude
    description: In degrees. West is negative.
    default: -118.25
    min: -180
    max: 180
  - name: RADIUS_KM
    type: number
    label: Radius in km
    description: Maximum distance from the place, along the surface of the Earth.
    default: 100
    min: 1
    max: 20100
  - name: MAGNITUDE
    type: number
    label: Minimum magnitude
    description: Weaker earthquakes are left out.
    default: 0
    min: -2
    max: 10
---*/
WITH quakes AS (
  SELECT
    feature.id AS id,
    feature.properties.mag AS magnitude,
    feature.properties.place AS place,
    epoch_ms(feature.properties.time) AS time_utc,
    feature.geometry.coordinates[3] AS depth_km,
    feature.properties.type AS kind,
    feature.properties.url AS url,
    feature.geometry.coordinates[1] AS longitude,
    feature.geometry.coordinates[2] AS latitude
  FROM (SELECT unnest(features) AS feature FROM read_json('earthquakes.json'))
),
-- Haversine on a sphere of the Earth's mean radius, 6371.0088 km (IUGG).
measured AS (
  SELECT
    *,
    2 * 6371.0088 * asin(least(1, sqrt(
      sin(radians(latitude - $LATITUDE) / 2) ** 2
      + cos(radians($LATITUDE)) * cos(radians(latitude)) * sin(radians(longitude - $LONGITUDE) / 2) ** 2
    ))) AS km
  FROM quakes
)
SELECT
  id,
  magnitude,
  place,
  round(km, 1) AS distance_km,
  strftime(time_utc, '%Y-%m-%dT%H:%M:%SZ') AS time,
  depth_km,
  kind,
  url,
  longitude,
  latitude
FROM measured
WHERE km <= $RADIUS_KM AND magnitude >= $MAGNITUDE
ORDER BY km, id
