# Var[psi_t] and the size of the update along recorded gradients, with the laws that know ever more of them
# gnuplot gradient_ladder.gp   draws gradient_ladder.svg from gradient_ladder.csv, all beside this script.
# rsvg-convert -f pdf -o gradient_ladder.pdf gradient_ladder.svg   makes the PDF of that, with text as text.

reset
set encoding utf8
# Work beside the script, wherever gnuplot was started.
end_of_folder = 0
if (exists('ARG0')) { do for [i=1:strlen(ARG0)] { if (ARG0[i:i] eq '/') { end_of_folder = i } } }
if (end_of_folder > 0) { cd ARG0[1:end_of_folder] }

# 6.9 by 3.95 inches at 96 pixels to the inch; fontscale and linewidth make sizes points.
set terminal svg size 662,379 fixed enhanced font 'Liberation Sans,8' \
    fontscale 1.3333 linewidth 1.3333 background '#ffffff' name 'gradient_ladder'
# sed: without xml:space, programs drop the spaces beside a subscript; the further fonts have the same widths.
set output "| sed -e 's/<text>/<text xml:space=\"preserve\">/' \
    -e 's/\"Liberation Sans\"/\"Liberation Sans, Arial, Helvetica, sans-serif\"/' > gradient_ladder.svg"

# The tables: the first line names the columns. cell('y') ends a line at an empty cell, where a bare 'y' draws on
# to the next point; cell_where('mu', 0.1, 'y') takes the rows in which mu is 0.1, which must follow each other.
set datafile separator comma
set datafile columnheaders
cell(name) = strlen(strcol(name)) ? column(name) : NaN
cell_where(key, number, name) = column(key) == number ? cell(name) : NaN

# Axes below and at the left, ticks outwards, a light grid behind.
set minussign
set border 3 linewidth 0.5 linecolor rgb '#000000'
set tics nomirror out scale 0.5,0.25 offset 0,0
set format '%g'
set grid xtics ytics back linetype 1 linewidth 0.4 linecolor rgb '#dddddd' dashtype solid
set style fill solid 1 noborder
set key noautotitle samplen 2.5 spacing 1.1
set samples 500

# Colours of Okabe and Ito, with dashes, so that lines differ without colour too.
set linetype 1 linecolor rgb '#000000' linewidth 1 dashtype solid pointtype 7 pointsize 0.3
set linetype 2 linecolor rgb '#0072b2' linewidth 1 dashtype (8,3) pointtype 5 pointsize 0.3
set linetype 3 linecolor rgb '#d55e00' linewidth 1 dashtype (10,3,2,3) pointtype 9 pointsize 0.3
set linetype 4 linecolor rgb '#009e73' linewidth 1 dashtype (2,2.5) pointtype 11 pointsize 0.3
set linetype 5 linecolor rgb '#cc79a7' linewidth 1 dashtype (10,3,2,3,2,3) pointtype 6 pointsize 0.3
set linetype 6 linecolor rgb '#e69f00' linewidth 1 dashtype (16,4) pointtype 4 pointsize 0.3
set linetype 7 linecolor rgb '#56b4e9' linewidth 1 dashtype (5,2.5) pointtype 8 pointsize 0.3

set multiplot
set logscale x 10
set mxtics 10
set logscale y 10
set mytics 10
set xrange [0.9:500]

# Panel 1.
set margins screen 0.0845, screen 0.3692, screen 0.5527, screen 0.9367
set title 'theta0\_noise' offset 0,-0.7
set format x ''
set format y '%g'
set xlabel '' offset 0,0.5
set ylabel '' offset 0.3,0
set ylabel 'Var[{/:Italic ψ_t}]' offset 0.3,0
set yrange [1e-05:1000]
set format y '10^{%T}'
set ytics 1e-5,100
set label 'observed' at graph 0.05,0.07 left point linetype 2 pointtype 7 pointsize 0.5 offset 0.7,0 font ',7.5' front
set arrow from graph 1, first 2.069e-5 to graph 1.1, first 1.057e-4 nohead linetype 1 linewidth 0.8 front
set label 'normal' at graph 1.12, first 1.057e-4 left textcolor linetype 1 font ',7.5' front
set arrow from graph 1, first 1.831e-5 to graph 1.1, first 1.738e-5 nohead linetype 3 linewidth 0.8 front
set label 'each {/:Italic μ}' at graph 1.12, first 1.738e-5 left textcolor linetype 3 font ',7.5' front
set arrow from graph 1, first 5.52e-5 to graph 1.1, first 2.377e-2 nohead linetype 4 linewidth 0.8 front
set label 'marginal law' at graph 1.12, first 2.377e-2 left textcolor linetype 4 font ',7.5' front
set arrow from graph 1, first 2.069e-5 to graph 1.1, first 6.427e-4 nohead linetype 5 linewidth 0.8 front
set label 'AR(1)' at graph 1.12, first 6.427e-4 left textcolor linetype 5 font ',7.5' front
set arrow from graph 1, first 2.232e-5 to graph 1.1, first 3.908e-3 nohead linetype 7 linewidth 0.8 front
set label 'common {/:Italic σ_t}' at graph 1.12, first 3.908e-3 left textcolor linetype 7 font ',7.5' front
set arrow from graph 1, first 1.301e-4 to graph 1.1, first 1.445e-1 nohead linetype 6 linewidth 0.8 front
set label 'each {/:Italic σ_t}' at graph 1.12, first 1.445e-1 left textcolor linetype 6 font ',7.5' front
plot 'gradient_ladder.csv' using 't':(cell('var_normal')) every ::0::8 with lines linetype 1 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('var_normal_with_means')) every ::0::8 with lines linetype 3 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('var_marginal')) every ::0::8 with lines linetype 4 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('var_ar1')) every ::0::8 with lines linetype 5 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('var_common_scales')) every ::0::8 with lines linetype 7 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('var_own_scales')) every ::0::8 with lines linetype 6 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('var_psi')) every ::0::8 with points linetype 2 pointtype 7 pointsize 0.5
unset label
unset arrow

# Panel 2.
set margins screen 0.5825, screen 0.8671, screen 0.5527, screen 0.9367
set title 'theta0\_noise' offset 0,-0.7
set format x ''
set format y ''
set xlabel '' offset 0,0.5
set ylabel '' offset 0.3,0
set ylabel 'update, root mean square' offset 0.3,0
set yrange [0.05:1.3]
set format y '%g'
set ytics (0.02, 0.05, 0.1, 0.2, 0.5, 1)
set label 'observed' at graph 0.05,0.07 left point linetype 2 pointtype 7 pointsize 0.5 offset 0.7,0 font ',7.5' front
set arrow from graph 1, first 2.293e-1 to graph 1.1, first 1.691e-1 nohead linetype 1 linewidth 0.8 front
set label 'normal' at graph 1.12, first 1.691e-1 left textcolor linetype 1 font ',7.5' front
set arrow from graph 1, first 5.16e-1 to graph 1.1, first 6.064e-1 nohead linetype 3 linewidth 0.8 front
set label 'each {/:Italic μ}' at graph 1.12, first 6.064e-1 left textcolor linetype 3 font ',7.5' front
set arrow from graph 1, first 2.306e-1 to graph 1.1, first 2.327e-1 nohead linetype 4 linewidth 0.8 front
set label 'marginal law' at graph 1.12, first 2.327e-1 left textcolor linetype 4 font ',7.5' front
set arrow from graph 1, first 2.271e-1 to graph 1.1, first 1.229e-1 nohead linetype 5 linewidth 0.8 front
set label 'AR(1)' at graph 1.12, first 1.229e-1 left textcolor linetype 5 font ',7.5' front
set arrow from graph 1, first 2.589e-1 to graph 1.1, first 4.407e-1 nohead linetype 7 linewidth 0.8 front
set label 'common {/:Italic σ_t}' at graph 1.12, first 4.407e-1 left textcolor linetype 7 font ',7.5' front
set arrow from graph 1, first 2.58e-1 to graph 1.1, first 3.202e-1 nohead linetype 6 linewidth 0.8 front
set label 'each {/:Italic σ_t}' at graph 1.12, first 3.202e-1 left textcolor linetype 6 font ',7.5' front
plot 'gradient_ladder.csv' using 't':(cell('update_rms_normal')) every ::0::8 with lines linetype 1 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('update_rms_normal_with_means')) every ::0::8 with lines linetype 3 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('update_rms_marginal')) every ::0::8 with lines linetype 4 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('update_rms_ar1')) every ::0::8 with lines linetype 5 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('update_rms_common_scales')) every ::0::8 with lines linetype 7 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('update_rms_own_scales')) every ::0::8 with lines linetype 6 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('update_rms')) every ::0::8 with points linetype 2 pointtype 7 pointsize 0.5
unset label
unset arrow

# Panel 3.
set margins screen 0.0845, screen 0.3692, screen 0.0985, screen 0.4824
set title 'adam\_warmup' offset 0,-0.7
set format x '10^{%T}'
set format y '%g'
set xlabel 'step {/:Italic t}' offset 0,0.5
set ylabel '' offset 0.3,0
set ylabel 'Var[{/:Italic ψ_t}]' offset 0.3,0
set yrange [1e-05:1000]
set format y '10^{%T}'
set ytics 1e-5,100
set label 'observed' at graph 0.05,0.07 left point linetype 2 pointtype 7 pointsize 0.5 offset 0.7,0 font ',7.5' front
set arrow from graph 1, first 2.069e-5 to graph 1.1, first 1.057e-4 nohead linetype 1 linewidth 0.8 front
set label 'normal' at graph 1.12, first 1.057e-4 left textcolor linetype 1 font ',7.5' front
set arrow from graph 1, first 2.068e-5 to graph 1.1, first 1.738e-5 nohead linetype 3 linewidth 0.8 front
set label 'each {/:Italic μ}' at graph 1.12, first 1.738e-5 left textcolor linetype 3 font ',7.5' front
set arrow from graph 1, first 4.014e-4 to graph 1.1, first 2.377e-2 nohead linetype 4 linewidth 0.8 front
set label 'marginal law' at graph 1.12, first 2.377e-2 left textcolor linetype 4 font ',7.5' front
set arrow from graph 1, first 2.139e-5 to graph 1.1, first 6.427e-4 nohead linetype 5 linewidth 0.8 front
set label 'AR(1)' at graph 1.12, first 6.427e-4 left textcolor linetype 5 font ',7.5' front
set arrow from graph 1, first 8.565e-5 to graph 1.1, first 3.908e-3 nohead linetype 7 linewidth 0.8 front
set label 'common {/:Italic σ_t}' at graph 1.12, first 3.908e-3 left textcolor linetype 7 font ',7.5' front
set arrow from graph 1, first 3.829e-3 to graph 1.1, first 1.445e-1 nohead linetype 6 linewidth 0.8 front
set label 'each {/:Italic σ_t}' at graph 1.12, first 1.445e-1 left textcolor linetype 6 font ',7.5' front
plot 'gradient_ladder.csv' using 't':(cell('var_normal')) every ::9::17 with lines linetype 1 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('var_normal_with_means')) every ::9::17 with lines linetype 3 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('var_marginal')) every ::9::17 with lines linetype 4 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('var_ar1')) every ::9::17 with lines linetype 5 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('var_common_scales')) every ::9::17 with lines linetype 7 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('var_own_scales')) every ::9::17 with lines linetype 6 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('var_psi')) every ::9::17 with points linetype 2 pointtype 7 pointsize 0.5
unset label
unset arrow

# Panel 4.
set margins screen 0.5825, screen 0.8671, screen 0.0985, screen 0.4824
set title 'adam\_warmup' offset 0,-0.7
set format x '10^{%T}'
set format y ''
set xlabel 'step {/:Italic t}' offset 0,0.5
set ylabel '' offset 0.3,0
set ylabel 'update, root mean square' offset 0.3,0
set yrange [0.05:1.3]
set format y '%g'
set ytics (0.02, 0.05, 0.1, 0.2, 0.5, 1)
set label 'observed' at graph 0.05,0.07 left point linetype 2 pointtype 7 pointsize 0.5 offset 0.7,0 font ',7.5' front
set arrow from graph 1, first 2.293e-1 to graph 1.1, first 2.011e-1 nohead linetype 1 linewidth 0.8 front
set label 'normal' at graph 1.12, first 2.011e-1 left textcolor linetype 1 font ',7.5' front
set arrow from graph 1, first 2.396e-1 to graph 1.1, first 3.808e-1 nohead linetype 3 linewidth 0.8 front
set label 'each {/:Italic μ}' at graph 1.12, first 3.808e-1 left textcolor linetype 3 font ',7.5' front
set arrow from graph 1, first 2.275e-1 to graph 1.1, first 1.461e-1 nohead linetype 4 linewidth 0.8 front
set label 'marginal law' at graph 1.12, first 1.461e-1 left textcolor linetype 4 font ',7.5' front
set arrow from graph 1, first 2.576e-1 to graph 1.1, first 5.241e-1 nohead linetype 5 linewidth 0.8 front
set label 'AR(1)' at graph 1.12, first 5.241e-1 left textcolor linetype 5 font ',7.5' front
set arrow from graph 1, first 2.387e-1 to graph 1.1, first 2.767e-1 nohead linetype 7 linewidth 0.8 front
set label 'common {/:Italic σ_t}' at graph 1.12, first 2.767e-1 left textcolor linetype 7 font ',7.5' front
set arrow from graph 1, first 2.242e-1 to graph 1.1, first 1.062e-1 nohead linetype 6 linewidth 0.8 front
set label 'each {/:Italic σ_t}' at graph 1.12, first 1.062e-1 left textcolor linetype 6 font ',7.5' front
plot 'gradient_ladder.csv' using 't':(cell('update_rms_normal')) every ::9::17 with lines linetype 1 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('update_rms_normal_with_means')) every ::9::17 with lines linetype 3 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('update_rms_marginal')) every ::9::17 with lines linetype 4 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('update_rms_ar1')) every ::9::17 with lines linetype 5 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('update_rms_common_scales')) every ::9::17 with lines linetype 7 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('update_rms_own_scales')) every ::9::17 with lines linetype 6 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('update_rms')) every ::9::17 with points linetype 2 pointtype 7 pointsize 0.5
unset label
unset arrow
unset multiplot

unset output
